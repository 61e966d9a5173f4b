// From what the reporter recorded to the one line that `npm test` ends with. Pure, so that it is tested itself.

/** ` [needs <part>: <reason>]`, as libs/testing's real() writes it into the name of a skipped suite. */
const NEEDS = /\[needs (?<part>[\w-]+): (?<reason>.*?)\](?= > |$)/;

/**
 * @param record what the reporter wrote, or undefined when vitest died before the end
 * @param exitCode vitest's own
 * @param required names of real parts that must not be skipped
 */
export function outcome(record, exitCode, required) {
  if (!record)
    return { passed: 0, skipped: [], failures: [`vitest ended with exit code ${exitCode} before reporting`] };
  const skips = record.tests.filter((test) => test.state === 'skipped').map(withReason);
  const missing = skips.filter((skip) => required.includes(skip.part));
  const passed = record.tests.filter((test) => test.state === 'passed').length;
  const failures = [
    ...record.tests.filter((test) => test.state !== 'passed' && test.state !== 'skipped').map((test) => test.name),
    ...record.errors,
    ...missing.map((skip) => `${skip.name}: REQUIRE_REAL names ${skip.part}, so it may not be skipped: ${skip.reason}`),
  ];
  if (record.tests.length === 0 && failures.length === 0) failures.push('no test was found');
  if (exitCode !== 0 && failures.length === 0) failures.push(`vitest ended with exit code ${exitCode}`);
  return { passed, skipped: skips.filter((skip) => !missing.includes(skip)), failures };
}

export const summaryLine = ({ passed, skipped, failures }) =>
  `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`;

function withReason(test) {
  const found = NEEDS.exec(test.name)?.groups ?? NEEDS.exec(test.note ?? '')?.groups;
  const name = test.name.replace(NEEDS, '').replace(/\s+>/g, ' >').trim();
  if (found) return { name, part: found.part, reason: `needs ${found.part}: ${found.reason}` };
  return { name, part: undefined, reason: test.note ?? 'no reason given' };
}
