import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dovecotPackages, dovecotPrograms, freePort, listening, stopped, type TestDovecot } from './test-dovecot.ts';

export const postfixPackages = ['postfix', ...dovecotPackages];
export const postfixPrograms = ['/usr/sbin/postfix', '/usr/lib/postfix/sbin/smtpd', ...dovecotPrograms];

/** Gets a copy of every mail by the server's own rule. */
export const archive = 'archive@shop.test';

/** A real mail server of a test, which delivers into the mailboxes of a Dovecot. */
export interface TestPostfix extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** What a mailbox has got, byte for byte, in the order of its coming. */
  mailsOf(user: string): Buffer[];
}

/**
 * Starts Postfix on the loopback in a folder of its own; only root can. Mailboxes are those of `users`; mail to
 * `forwarded@people.test` is accepted, sent on to where nobody is, and comes back; so does mail to anybody at
 * `old.test`. Anybody else is refused at once.
 */
export async function testPostfix(dovecot: TestDovecot, users: readonly string[]): Promise<TestPostfix> {
  const home = mkdtempSync(join(tmpdir(), 'tiffin-smtp-'));
  const [config, queue, data] = ['config', 'queue', 'data'].map((name) => join(home, name)) as [string, string, string];
  for (const folder of [config, queue, data]) mkdirSync(folder, { mode: 0o755 });
  const port = await freePort();
  writeFileSync(join(config, 'main.cf'), mainFile({ home, queue, data, dovecot, users }));
  writeFileSync(join(config, 'master.cf'), masterFile(port));
  chmodSync(home, 0o755);
  execFileSync('chown', ['postfix', data]);
  const server = spawn('/usr/sbin/postfix', ['-c', config, 'start-fg'], { stdio: 'ignore' });
  await listening(port, server);
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mailsOf(user) {
      const folder = dovecot.folderOf(user);
      const files = ['new', 'cur'].flatMap((part) => filesIn(join(folder, part)));
      return files.sort((a, b) => cameAt(a.name) - cameAt(b.name)).map(({ path }) => readFileSync(path));
    },
    async [Symbol.asyncDispose]() {
      await stopped(server);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Microseconds. Postfix names a mail `SECONDS.V<device>I<inode>M<microseconds>.<host>`: by name alone, two of one second stand as their inodes do. */
function cameAt(name: string): number {
  const [, seconds, microseconds] = /^(\d+)\..*M(\d+)\./.exec(name) ?? [];
  return Number(seconds) * 1e6 + Number(microseconds);
}

function filesIn(folder: string): { readonly name: string; readonly path: string }[] {
  try {
    return readdirSync(folder).map((name) => ({ name, path: join(folder, name) }));
  } catch {
    return [];
  }
}

interface MainFacts {
  readonly home: string;
  readonly queue: string;
  readonly data: string;
  readonly dovecot: TestDovecot;
  readonly users: readonly string[];
}

const mainFile = ({ home, queue, data, dovecot, users }: MainFacts) => `
compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
maillog_file = ${home}/log
maillog_file_prefixes = ${home}
myhostname = mail.shop.test
mydomain = shop.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
default_transport = error:5.1.2 no such domain
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 3000000
mydestination = old.test
local_recipient_maps =
alias_maps =
recipient_delimiter = +
virtual_mailbox_domains = shop.test, people.test
virtual_mailbox_base = ${dovecot.mail}
virtual_mailbox_maps = inline:{ ${[...users, archive].map((user) => `{ ${user} = ${user}/ }`).join(', ')} }
virtual_alias_maps = inline:{ { forwarded@people.test = gone@old.test } }
always_bcc = ${archive}
virtual_minimum_uid = 1
virtual_uid_maps = static:${dovecot.uid}
virtual_gid_maps = static:${dovecot.uid}
`;

const masterFile = (port: number) => `
127.0.0.1:${port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
`;
