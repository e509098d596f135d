import { expect, test } from 'vitest';
import { eras } from './eras.ts';
import { languages } from './languages.ts';
import { fillEra } from './page-contract.ts';
import { hasTick, tickOf } from './tick.ts';

const [newest, , oldest] = eras;
const [english, hindi] = languages;
if (!newest || !oldest || !english || !hindi) throw new Error('an era or a language is missing');
const now = fillEra(newest, english);
const icon = (name: string, color = 'rgb(134, 150, 160)') => ({ labels: [], icons: [{ name, color }] });

test('the label decides, whatever the icon is called', () => {
  expect(tickOf({ ...icon('wds-ic-read'), labels: [' Sent '] }, now)).toBe('sent');
  expect(tickOf({ ...icon('wds-ic-read'), labels: ['You:', ' Pending '] }, now)).toBe('pending');
  expect(tickOf({ labels: ['भेजा गया'], icons: [] }, fillEra(newest, hindi))).toBe('sent');
});

test('without a label the icon and its colour decide', () => {
  expect(tickOf(icon('wds-ic-delivered'), now)).toBe('sent');
  expect(tickOf(icon('wds-ic-read'), now)).toBe('delivered');
  expect(tickOf(icon('wds-ic-read', 'rgb(83, 189, 235)'), now)).toBe('read');
  expect(tickOf(icon('msg-time'), now)).toBe('pending');
  expect(tickOf(icon('msg-dblcheck', 'rgb(83, 189, 235)'), fillEra(oldest, english))).toBe('read');
});

test('what is not known is no tick; neither is a word of another language', () => {
  expect(tickOf(icon('wds-ic-new'), now)).toBeUndefined();
  expect(tickOf({ labels: ['Enviado'], icons: [] }, now)).toBeUndefined();
  expect(tickOf({ labels: ['constructor'], icons: [{ name: 'toString', color: '' }] }, now)).toBeUndefined();
  expect([hasTick(undefined), hasTick('pending'), hasTick('failed'), hasTick('sent')]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});
