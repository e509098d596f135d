import { expect, test } from 'vitest';
import { testDebian, whyNoDebian } from './test-debian.ts';

const wanted = process.env['TIFFIN_DEPLOY'] === '1';
const why = wanted ? whyNoDebian() : 'npm run test:deploy does it';

test.skipIf(why !== undefined)(
  `a fresh Debian: installed twice, delivers, backed up, restored, upgraded, rolled back, with a sender${why ? ` (not here: ${why})` : ''}`,
  async () => {
    using debian = await testDebian();
    const { said, code } = await debian.run('deploy/proof.sh');
    expect([code, said.match(/^(== .*|FAILED.*)$/gm)], said).toEqual([
      0,
      [
        '== installed',
        '== twice: nothing changed',
        '== delivered by /opt/tiffin/current/node_modules/.bin/node /opt/tiffin/current/delivery/main.mjs daemon',
        '== restored: held, released, nothing twice',
        '== upgraded and rolled back',
        '== a sender with a user of its own',
      ],
    ]);
  },
  // Two package registries, a slow disk: it waits for others.
  1_800_000,
);
