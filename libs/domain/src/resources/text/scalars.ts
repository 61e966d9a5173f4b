import { objectivePpm, windowSeconds } from '../../compile/slo-entry.js';
import type { TextCheck } from './finding.js';
import { isLabelValue } from './labels.js';
import { quote } from './quote.js';

const HOUR = 3600;

/** Checks the time window of an objective: from 1 hour to 90 days. */
export const checkWindow: TextCheck = (text) => {
  const seconds = windowSeconds(text);
  if (seconds === undefined) return { code: 'ISM0018', message: `${quote(text)} is not a duration such as 28d or 24h` };
  if (seconds >= HOUR && seconds <= 90 * 24 * HOUR) return undefined;
  return { code: 'ISM0018', message: `the window ${text} is not between 1h and 90d` };
};

/** Checks an objective: a decimal fraction in a string, 0 < x < 1, at most 6 decimals. */
export const checkObjective: TextCheck = (text) => {
  if (objectivePpm(text) !== undefined) return undefined;
  const percent = Number(text.replace(/\s*%$/, ''));
  const fraction = percent >= 1 && percent < 100 ? String(Number((percent / 100).toFixed(6))) : undefined;
  const hint = fraction === undefined ? {} : { hint: `did you mean "${fraction}"?` };
  return { code: 'ISM0023', message: `${quote(text)} is not a decimal fraction between 0 and 1`, ...hint };
};

const PART = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** Checks a locality: region/zone or region/zone/subzone. */
export const checkLocality: TextCheck = (text) => {
  const parts = text.split('/');
  if (parts.length >= 2 && parts.length <= 3 && parts.every((part) => PART.test(part))) return undefined;
  return { code: 'ISM0015', message: `${quote(text)} is neither region/zone nor region/zone/subzone` };
};

/** Checks the name of a network, which becomes a label value in clusters. */
export const checkNetwork: TextCheck = (text) =>
  text !== '' && isLabelValue(text)
    ? undefined
    : { code: 'ISM0010', message: `the network ${quote(text)} cannot be the value of a label` };

/** Checks the version of a mesh, such as 1.30 or 1.30.2-rc.1. */
export const checkVersion: TextCheck = (text) =>
  /^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$/.test(text)
    ? undefined
    : { code: 'ISM0009', message: `${quote(text)} is not a version`, hint: 'for example "1.30" in quotes' };
