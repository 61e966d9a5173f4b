import { expect, it } from 'vitest';
import { proofLacking, proofRequested } from './proof.js';

const NOW = Date.UTC(2026, 0, 1);
const time = { now: NOW, toleranceSeconds: 30 };
const agoSeconds = (seconds: number): number => NOW / 1000 - seconds;
const required = { acr: ['urn:high', 'urn:higher'], amr: ['mfa', 'hwk'], maxAgeMinutes: 60 };
const enough = { acr: 'urn:higher', amr: ['pwd', 'mfa'], auth_time: agoSeconds(60) };

it.each<[string, object, string]>([
  ['no class', { acr: undefined }, 'acr'],
  ['another class', { acr: 'urn:low' }, 'acr'],
  ['classes as a list', { acr: ['urn:high'] }, 'acr'],
  ['all classes in one text', { acr: 'urn:high urn:higher' }, 'acr'],
  ['no methods', { amr: undefined }, 'amr'],
  ['an empty list of methods', { amr: [] }, 'amr'],
  ['a method as a text', { amr: 'mfa' }, 'amr'],
  ['another method', { amr: ['pwd', 'MFA'] }, 'amr'],
  ['no time', { auth_time: undefined }, 'auth_time'],
  ['a time as a text', { auth_time: String(agoSeconds(60)) }, 'auth_time'],
  ['a time that is none', { auth_time: Number.NaN }, 'auth_time'],
  ['a time too long ago', { auth_time: agoSeconds(3600 + 31) }, 'auth_time'],
])('does not suffice: %s', (_what, claims, lacking) => {
  expect(proofLacking({ ...enough, ...claims }, required, time)).toBe(lacking);
});

it('suffices by one class, one method and a time at the limit, clocks being as apart as they may', () => {
  expect(proofLacking(enough, required, time)).toBeUndefined();
  const other = { acr: 'urn:high', amr: ['hwk'], auth_time: agoSeconds(3600 + 30) };
  expect(proofLacking(other, required, time)).toBeUndefined();
});

it('is asked for as far as a provider can be asked, and only where it is required', () => {
  expect(proofRequested(required)).toEqual({ acr_values: 'urn:high urn:higher', max_age: '3600' });
  expect([proofRequested({}), proofLacking({}, {}, time)]).toEqual([{}, undefined]);
});
