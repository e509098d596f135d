import { z } from 'zod';
import type { IamLogin } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import type { Aws } from './aws.ts';

/** A user and a password that is good for some minutes. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const serverlessAnswer = z.object({ dbUser: z.string(), dbPassword: z.string(), expiration: z.number() });

/**
 * Asks AWS for a login: `GetClusterCredentialsWithIAM` of the API of clusters, `GetCredentials` of the serverless one.
 * Which database user that is follows from who we are in IAM.
 */
export async function askLogin(iam: IamLogin, database: string, aws: Aws): Promise<Login> {
  if (iam.kind === 'serverless') {
    const answer = await aws.send('redshift-serverless', {
      method: 'POST',
      url: `${aws.endpoint('redshift-serverless', `redshift-serverless.${iam.region}.amazonaws.com`)}/`,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'RedshiftServerless.GetCredentials' },
      body: JSON.stringify({ workgroupName: iam.workgroup, dbName: database, durationSeconds: 900 }),
    });
    const { dbUser, dbPassword, expiration } = serverlessAnswer.parse(JSON.parse(answer));
    return { user: dbUser, password: dbPassword, until: expiration * 1_000 };
  }
  const answer = await aws.send('redshift', {
    method: 'POST',
    url: `${aws.endpoint('redshift', `redshift.${iam.region}.amazonaws.com`)}/`,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({
      Action: 'GetClusterCredentialsWithIAM',
      Version: '2012-12-01',
      ClusterIdentifier: iam.cluster,
      DbName: database,
      DurationSeconds: '900',
    }).toString(),
  });
  const field = (name: string): string => {
    const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1];
    if (found === undefined) throw new Fault('failed', `AWS redshift gave a login without ${name}`);
    return plainText(found);
  };
  return { user: field('DbUser'), password: field('DbPassword'), until: Date.parse(field('Expiration')) };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plainText = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');

/** Keeps a login for as long as it is good, less a minute. */
export function renewing(ask: () => Promise<Login>): () => Promise<Login> {
  let known: Promise<Login> | undefined;
  return async () => {
    const login = await known;
    if (login && login.until - 60_000 > Date.now()) return login;
    const asking = ask();
    known = asking;
    asking.catch(() => {
      if (known === asking) known = undefined;
    });
    return asking;
  };
}
