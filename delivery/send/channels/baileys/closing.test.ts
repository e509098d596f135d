import { expect, test } from 'vitest';
import { afterClose as afterEnding } from './closing.ts';
import { refusalOf } from './refusal.ts';

const afterClose = (code?: number) => afterEnding({ kind: 'theirs', ...(code === undefined ? {} : { code }) });
const now = new Date('2021-12-22T03:00:00Z');

test('a connection is taken up again by the reason why it ended, and left alone where a person must act', () => {
  const seconds = (code: number) => {
    const after = afterClose(code);
    return after.kind === 'again' ? after.seconds : after.kind;
  };
  expect([408, 428, 515].map(seconds)).toEqual([0, 0, 0]);
  expect([429, 440, 503].map(seconds)).toEqual([900, 300, 60]);
  expect([401, 402, 403, 406, 411].map(seconds)).toEqual(Array(5).fill('stop'));
  expect(afterClose(401)).toMatchObject({ unlinked: true });
  expect(afterClose(403)).toMatchObject({ unlinked: false });
  expect(afterEnding({ kind: 'ours' })).toMatchObject({ kind: 'again', seconds: 0 });
  expect([afterClose(599), afterClose()]).toMatchObject(Array(2).fill({ kind: 'again', seconds: 60 }));
});

test('an acknowledgement with an error refuses the part, puts it off, or stops the lane', () => {
  expect(refusalOf('404', now)).toMatchObject({ outcome: { kind: 'refused' } });
  expect(refusalOf('479', now)).toMatchObject({ outcome: { kind: 'later', scope: 'part' } });
  expect(refusalOf('999', now)).toMatchObject({ outcome: { kind: 'later', scope: 'part' } });
  expect(refusalOf('429', now)).toMatchObject({
    outcome: { kind: 'later', scope: 'lane', at: new Date('2021-12-22T03:15:00Z') },
  });
  expect(refusalOf('463', now)).toMatchObject({ kind: 'restricted' });
});
