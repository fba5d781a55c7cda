// A plugin of Stryker: the prose of an error is not mutated. It is a text for the developer, without effect on what a
// program does, and a test of each would only repeat it. Reason codes are words without spaces, and stay.
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'error-messages', {
    shouldIgnore({ node, parent }) {
      const isProse =
        (node.type === 'StringLiteral' && node.value.includes(' ')) ||
        (node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => value.raw.includes(' ')))
      const isArgument = parent?.type === 'NewExpression' && /Error$/.test(parent.callee.name ?? '')
      return isProse && isArgument ? 'the prose of an error' : undefined
    },
  }),
]
