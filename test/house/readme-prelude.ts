/**
 * What the code blocks of README.md and docs/ may use without saying where it comes from: each name is declared
 * globally, so a block that imports or declares it itself still compiles.
 */
export const prelude = `
import type { Express, RequestHandler } from 'express'
import type {
  Challenge,
  CognitoUser as ACognitoUser,
  IdentityPool as AnIdentityPool,
  UserPool as AUserPool,
} from 'passport-cognito-identity'
import type { LocalCognito } from 'passport-cognito-identity/local'

declare module 'express-session' {
  interface SessionData {
    challenge?: Challenge
  }
}

declare global {
  const express: typeof import('express')
  const passport: import('passport').PassportStatic
  const expressSession: typeof import('express-session')

  const CognitoStrategy: typeof import('passport-cognito-identity').CognitoStrategy
  const UserPool: typeof import('passport-cognito-identity').UserPool
  const IdentityPool: typeof import('passport-cognito-identity').IdentityPool
  const bearer: typeof import('passport-cognito-identity').bearer
  const session: typeof import('passport-cognito-identity').session
  const requireAuth: typeof import('passport-cognito-identity').requireAuth
  const requireGroups: typeof import('passport-cognito-identity').requireGroups
  const requireScopes: typeof import('passport-cognito-identity').requireScopes
  const logout: typeof import('passport-cognito-identity').logout
  const getAuth: typeof import('passport-cognito-identity').getAuth
  const startLocalCognito: typeof import('passport-cognito-identity/local').startLocalCognito

  const S3Client: typeof import('@aws-sdk/client-s3').S3Client
  const ListObjectsV2Command: typeof import('@aws-sdk/client-s3').ListObjectsV2Command
  const PutObjectCommand: typeof import('@aws-sdk/client-s3').PutObjectCommand

  type CognitoUser = ACognitoUser
  const app: Express
  const userPool: AUserPool
  const identityPool: AnIdentityPool
  const local: LocalCognito
  const showAccount: RequestHandler
  const removeFile: RequestHandler
  const listFiles: RequestHandler
}
`
