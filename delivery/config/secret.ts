import { Fault } from '#engine';

/** Where a secret is: `env:NAME`. The value itself is never in a file of the project. */
const secretPattern = /^env:([A-Z][A-Z0-9_]*)$/;

/**
 * The value that a setting stands for: `env:NAME` is looked up, anything else stands for itself. Throws `Fault` invalid
 * when the variable is not set; a value is never part of a message.
 */
export function resolveSetting(setting: string, name: string, env: NodeJS.ProcessEnv): string {
  const variable = secretPattern.exec(setting)?.[1];
  if (variable === undefined) return setting;
  const value = env[variable];
  if (value) return value;
  throw new Fault('invalid', `${name} is ${setting}, and ${variable} is not set`, {
    hint: `Set ${variable} in the environment of this process.`,
  });
}

/** True when a URL carries a password in plain text, which belongs into the environment. */
export function holdsPassword(setting: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/@\s]*:[^/@\s]+@/i.test(setting);
}
