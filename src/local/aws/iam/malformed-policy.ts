/** A policy document that is wrong, or that asks for what is not evaluated here. */
export class MalformedPolicy extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MalformedPolicy'
  }
}
