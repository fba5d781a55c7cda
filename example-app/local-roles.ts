import type { LocalCognitoOptions } from 'passport-cognito-identity/local'

const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
const bucket = 'arn:aws:s3:::files'
const own = 'private/${cognito-identity.amazonaws.com:sub}/*'
const ofDepartment = 'departments/${aws:PrincipalTag/department}/*'

const reading = (prefix: string) => [
  { Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucket}/${prefix}` },
  {
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: bucket,
    Condition: { StringLike: { 's3:prefix': prefix } },
  },
]
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const ownFolder = [
  ...reading(own),
  { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject'], Resource: `${bucket}/${own}` },
]

/** Everybody's own folder and their department's; guests read what is public; keepers see both; auditors see names and open nothing. */
export const iamRoles: LocalCognitoOptions['iamRoles'] = [
  { roleArn: role('local-unauthenticated'), policies: [policy(...reading('public/*'))] },
  {
    roleArn: role('local-authenticated'),
    policies: [policy(...ownFolder, ...reading(ofDepartment), ...reading('public/*'))],
  },
  {
    roleArn: role('harbour-keeper'),
    policies: [policy(...ownFolder, ...reading('departments/*'), ...reading('public/*'))],
  },
  {
    roleArn: role('harbour-auditor'),
    policies: [policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket })],
  },
]

/** Who is in both has the role of the smaller precedence, unless they ask for the other. */
export const groups: LocalCognitoOptions['groups'] = [
  { name: 'admin', precedence: 1, roleArn: role('harbour-keeper') },
  { name: 'auditors', precedence: 2, roleArn: role('harbour-auditor') },
]

/** Tag to claim. */
export const principalTags = { department: 'custom:department' }

/** Guests are let in, and users of the local pool get tags. */
export const identityPool: LocalCognitoOptions['identityPool'] = {
  allowUnauthenticatedIdentities: true,
  principalTags: { 'cognito-idp.us-east-1.amazonaws.com/us-east-1_Local0001': { principalTags } },
}
