import type { Delivery } from '../../sign-in/delivery.ts'

/** `CodeDeliveryDetails` on the wire. */
export function codeDeliveryDetails({ attribute, medium, destination }: Delivery): object {
  return { AttributeName: attribute, DeliveryMedium: medium, Destination: destination }
}
