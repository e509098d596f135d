import { expect, test } from 'vitest';
import { withoutAddresses } from './without-addresses.ts';

test('addresses and numbers of people do not get into logs', () => {
  expect(withoutAddresses('550 5.1.1 <asha.rao+x@mail.example.com>: unknown, asha@example.com;')).toBe(
    '550 5.1.1 <(address)>: unknown, (address);',
  );
  expect(withoutAddresses('131026 to +91 98123 45678 undeliverable')).toMatch(/^\d* ?.*\(number\) undeliverable$/);
  expect(withoutAddresses('421 4.7.0 try again in 300 s')).toBe('421 4.7.0 try again in 300 s');
});
