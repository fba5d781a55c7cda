// A plugin of Stryker: the prose of an error is not mutated. It is a text for the developer, without effect on what a
// program does, and a test of each would only repeat it. Prose is what has a space; reason codes have none, and stay.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'error-messages', {
    shouldIgnore({ node, parent, parentPath }) {
      const isProse =
        (node.type === 'StringLiteral' && node.value.includes(' ')) ||
        (node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => value.raw.includes(' ')))
      const isError = parent?.type === 'NewExpression' && /Error$/.test(parent.callee.name ?? '')
      // throw malformed('…'): the function makes the error.
      const isThrown = parent?.type === 'CallExpression' && parentPath?.parent?.type === 'ThrowStatement'
      return isProse && (isError || isThrown) ? 'the prose of an error' : undefined
    },
  }),
]
