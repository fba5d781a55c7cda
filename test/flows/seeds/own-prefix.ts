import assert from 'node:assert/strict'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { CognitoIdentityCredentials } from '../../../src/index.ts'
import type { LocalCognito } from '../../../src/local/index.ts'
import { pythonWithBoto3, runProgram } from './program.ts'

/** What S3 answered: the keys of a listing, or the name of the refusal. */
interface Answers {
  own: string[] | string
  others: string[] | string
  written: string
}

/** Fails unless these credentials write and list what is under their own identity, and neither lists nor writes under the other one. */
export async function assertOwnPrefixOnly(
  client: 'the AWS SDK' | 'boto3',
  local: LocalCognito,
  credentials: CognitoIdentityCredentials,
  otherIdentityId: string,
): Promise<void> {
  const own = `private/${credentials.identityId}/`
  const others = `private/${otherIdentityId}/`
  const ask = client === 'boto3' ? withBoto3 : withSdk
  const answers = await ask(local, credentials, { own, others })
  assert.deepEqual(answers, { own: [`${own}note.txt`], others: 'AccessDenied', written: 'AccessDenied' })
}

interface Prefixes {
  own: string
  others: string
}

async function withSdk(
  { s3 }: LocalCognito,
  credentials: CognitoIdentityCredentials,
  { own, others }: Prefixes,
): Promise<Answers> {
  const { bucket: Bucket, ...options } = s3
  const client = new S3Client({ ...options, credentials })
  const nameOf = (error: unknown) => (error as Error).name
  const put = (prefix: string) =>
    client.send(new PutObjectCommand({ Bucket, Key: `${prefix}note.txt`, Body: 'mine' }))
  const list = async (prefix: string) => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }))
    return Contents.map(({ Key = '' }) => Key)
  }
  await put(own)
  return {
    own: await list(own).catch(nameOf),
    others: await list(others).catch(nameOf),
    written: await put(others).then(() => 'written', nameOf),
  }
}

const script = `
import boto3, json, os, sys
from botocore.exceptions import ClientError

asked = json.load(sys.stdin)
client = boto3.client('s3', region_name=asked['region'], endpoint_url=asked['endpoint'])

def answer(call):
    try:
        return call()
    except ClientError as error:
        return error.response['Error']['Code']

def put(prefix):
    client.put_object(Bucket=asked['bucket'], Key=prefix + 'note.txt', Body=b'mine')
    return 'written'

def listed(prefix):
    found = client.list_objects_v2(Bucket=asked['bucket'], Prefix=prefix)
    return [one['Key'] for one in found.get('Contents', [])]

put(asked['own'])
print(json.dumps({
    'own': answer(lambda: listed(asked['own'])),
    'others': answer(lambda: listed(asked['others'])),
    'written': answer(lambda: put(asked['others'])),
}))
`

async function withBoto3(
  { s3 }: LocalCognito,
  { accessKeyId, secretAccessKey, sessionToken }: CognitoIdentityCredentials,
  prefixes: Prefixes,
): Promise<Answers> {
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const input = JSON.stringify({ region: s3.region, endpoint: s3.endpoint, bucket: s3.bucket, ...prefixes })
  const { status, stdout, stderr } = await runProgram(pythonWithBoto3() ?? 'python3', ['-c', script], {
    env,
    input,
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as Answers
}
