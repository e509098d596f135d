import { z } from 'zod';
import { holdsPassword } from '../../../config/secret.ts';

/** A secret of a channel, which is never written into a file of the project. */
export const secret = z.string().regex(/^env:[A-Z][A-Z0-9_]*$/, 'a secret in plain text: write env:NAME instead');

/** What project.yml or, as `env:NAME`, the environment tells a channel. */
export const plain = z.string().min(1, 'must not be empty');

/** Where a provider is; another than its own is for tests and gateways. */
export const providerUrl = z
  .string()
  .regex(/^(https?:\/\/|env:)/, 'a URL, or env:NAME')
  .refine((text) => !holdsPassword(text), 'a password in plain text: write env:NAME instead');

/** After so long an answer that is not there counts as lost. */
export const timeout = z
  .string()
  .regex(/^[1-9]\d{0,2}s$/, 'seconds such as 30s')
  .default('30s');

export const millisecondsOfTimeout = (text: string): number => Number.parseInt(text, 10) * 1000;
