import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { LocalCognito } from 'passport-cognito-identity/local'

/** What there is to see from the start. */
const files: Record<string, string> = {
  'public/opening-hours.txt': 'The harbour office is open from 8 to 16 o’clock.\n',
  'public/tide-table.txt': 'High water: 5:12 and 17:40. Low water: 11:20 and 23:48.\n',
  'departments/sales/berths-for-sale.txt': 'Berths 12, 14 and 31.\n',
  'departments/finance/harbour-dues.txt': 'Dues are up by two per cent.\n',
}

/** Puts them into the local bucket with the developer's keys. */
export async function publicFiles({ s3, awsCredentials }: LocalCognito): Promise<void> {
  const { bucket: Bucket, ...options } = s3
  const client = new S3Client({ ...options, credentials: awsCredentials })
  for (const [Key, Body] of Object.entries(files)) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/plain' }))
  }
  client.destroy()
}
