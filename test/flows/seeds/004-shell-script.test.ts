/** From a password to AWS credentials in a shell script, which takes the answers apart with awk, by position. */
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { startLocalCognito } from '../../../src/local/index.ts'
import { claimsOf } from '../../local/domain.ts'
import { bash, has, towards, without } from './program.ts'

const setPassword =
  'aws cognito-idp admin-set-user-password --user-pool-id ${DEMO_USER_POOL_ID} --username <YOUR_USER_NAME> --password <YOUR_USER_PASSWORD> --permanent'

const initiateAuth = String.raw`
COGNITO_INITIATE_AUTH_RESPONSE=§curl -s -w'\n' 'https://cognito-idp.ap-northeast-1.amazonaws.com/' \
-X POST \
-H 'Content-Type: application/x-amz-json-1.1' \
-H 'X-Amz-Target: AWSCognitoIdentityProviderService.InitiateAuth' \
--data-raw "
{
    \"ClientId\": \"$\{DEMO_APP_CLIENT_ID}\",
    \"AuthFlow\": \"USER_PASSWORD_AUTH\",
    \"AuthParameters\":
    {
        \"USERNAME\": \"sugimoto\",
        \"PASSWORD\": \"Sugimoto?\"
    }
}"§

echo $COGNITO_INITIATE_AUTH_RESPONSE | jq

COGNITO_ID_TOKEN=§echo $COGNITO_INITIATE_AUTH_RESPONSE | awk -F\" '{print $12}'§
echo $COGNITO_ID_TOKEN
`

const getCredentials = String.raw`
COGNITO_GET_ID_RESPONSE=§curl -s -w'\n' 'https://cognito-identity.ap-northeast-1.amazonaws.com/' \
-X POST \
-H 'Content-Type: application/x-amz-json-1.1' \
-H 'X-Amz-Target: com.amazonaws.cognito.identity.model.AWSCognitoIdentityService.GetId' \
-d "
{
   \"IdentityPoolId\": \"$\{DEMO_IDENTITY_POOL_ID}\",
   \"Logins\": {
      \"cognito-idp.ap-northeast-1.amazonaws.com/$\{DEMO_USER_POOL_ID}\" : \"$\{COGNITO_ID_TOKEN}\"
   }
}"§

echo $COGNITO_GET_ID_RESPONSE | jq

COGNITO_IDENTITY_ID=§echo $COGNITO_GET_ID_RESPONSE | awk -F\" '{print $4}'§

IAM_ROLE_CRED=§curl -s -w'\n' 'https://cognito-identity.ap-northeast-1.amazonaws.com/' \
-X POST \
-H 'Content-Type: application/x-amz-json-1.1' \
-H 'X-Amz-Target: com.amazonaws.cognito.identity.model.AWSCognitoIdentityService.GetCredentialsForIdentity' \
-d "
{
   \"IdentityId\": \"$\{COGNITO_IDENTITY_ID}\",
   \"Logins\": {
      \"cognito-idp.ap-northeast-1.amazonaws.com/$\{DEMO_USER_POOL_ID}\" : \"$\{COGNITO_ID_TOKEN}\"
   }
}"§

echo $IAM_ROLE_CRED | jq
`

const showId = String.raw`
aws cognito-identity get-id --identity-pool-id $\{DEMO_IDENTITY_POOL_ID} --logins "{\"cognito-idp.ap-northeast-1.amazonaws.com/$\{DEMO_USER_POOL_ID}\":\"$\{COGNITO_ID_TOKEN}\"}" --output json | jq
`

const byCommandLine = String.raw`
COGNITO_IDENTITY_ID=§aws cognito-identity get-id --identity-pool-id $\{DEMO_IDENTITY_POOL_ID} --logins "{\"cognito-idp.ap-northeast-1.amazonaws.com/$\{DEMO_USER_POOL_ID}\":\"$\{COGNITO_ID_TOKEN}\"}" --output text --query 'IdentityId'§

aws cognito-identity get-credentials-for-identity --identity-id $\{COGNITO_IDENTITY_ID} --logins "{\"cognito-idp.ap-northeast-1.amazonaws.com/$\{DEMO_USER_POOL_ID}\":\"$\{COGNITO_ID_TOKEN}\"}"
`

/** The text as it was typed: a template literal can hold neither backticks nor `${`. */
const typed = (script: string) => script.replaceAll('§', '`').replaceAll('$\\{', '${')

const skip = without(
  'curl, jq or awk',
  has('curl', '--version') && has('jq', '--version') && has('awk', 'BEGIN {}'),
)
const skipCommandLine = without('AWS CLI', has('aws', '--version') && skip === false)

async function stage(t: TestContext) {
  const local = await startLocalCognito({
    userPoolId: 'ap-northeast-1_xxxxxxx',
    // The password of the script has no digit.
    userPool: { policies: { passwordPolicy: { requireNumbers: false } } },
    users: [{ username: 'sugimoto', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' }],
    clients: [{ clientId: 'yyyyyyyyyyyyyyyyyyyyyyyyyy' }],
  })
  t.after(() => local.close())
  const { accessKeyId, secretAccessKey } = local.awsCredentials
  const env = {
    DEMO_USER_POOL_ID: local.userPool.userPoolId,
    DEMO_APP_CLIENT_ID: local.userPool.clientId,
    DEMO_IDENTITY_POOL_ID: local.identityPool.identityPoolId,
    AWS_DEFAULT_REGION: 'ap-northeast-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  }
  // Every `aws` of the script is told where to go; nothing else about it changes.
  const aws = `aws() { command aws --endpoint-url '${local.url}' "$@"; }\n`
  return { local, run: (...scripts: string[]) => bash(aws + towards(local, typed(scripts.join('\n'))), env) }
}

const password = setPassword
  .replace('<YOUR_USER_NAME>', 'sugimoto')
  .replace('<YOUR_USER_PASSWORD>', "'Sugimoto?'")

/** The pretty JSON and the lines that a script printed. */
const identityIdIn = (output: string) => /"IdentityId": "(ap-northeast-1:[\w-]{36})"/.exec(output)?.[1]

test('curl and awk get tokens by a password and credentials by the ID token', { skip }, async (t) => {
  const { local, run } = await stage(t)
  const sdk = new CognitoIdentityProviderClient({
    region: 'ap-northeast-1',
    endpoint: local.url,
    credentials: local.awsCredentials,
  })
  t.after(() => sdk.destroy())
  const user = {
    UserPoolId: local.userPool.userPoolId,
    Username: 'sugimoto',
    Password: 'Sugimoto?',
    Permanent: true,
  }
  await sdk.send(new AdminSetUserPasswordCommand(user))
  const idToken = (await run(initiateAuth)).split('\n').at(-1) ?? ''
  assert.equal(claimsOf(idToken)['cognito:username'], 'sugimoto')
  const output = await run(initiateAuth, getCredentials)
  assert.match(
    output,
    /"AccessKeyId": "ASIA\w+",\n +"Expiration": [\d.]+,\n +"SecretKey": "[^"]+",\n +"SessionToken": "[^"]+"/,
  )
  assert.notEqual(identityIdIn(output), undefined, output)
})

test(
  'the AWS CLI sets the password for good, and gets the same identity and its credentials',
  { skip: skipCommandLine },
  async (t) => {
    const { run } = await stage(t)
    await run(password)
    const output = await run(initiateAuth, showId, byCommandLine)
    const ids = [...output.matchAll(/"IdentityId": "([^"]+)"/g)].map(([, id]) => id)
    assert.equal(ids.length, 2, output)
    assert.equal(ids[0], ids[1])
    // On the wire it is a number; version 2 of the command line shows a date, version 1 the number.
    assert.match(output, /"Expiration": ("\d{4}-\d\d-\d\dT|\d)/)
    assert.equal(identityIdIn(await run(initiateAuth, getCredentials)), ids[0])
  },
)
