interface Condition {
  type: string;
  status: 'TRUE' | 'FALSE' | 'UNKNOWN';
  reason: string;
  message: string;
}

/** Nobody has looked: that says nothing, neither good nor bad. */
const isMeasured = ({ reason }: Condition): boolean => reason !== 'NotMeasured';

/** True if everything that is known of it is as it should be; what nobody measures does not count. */
export const isReady = (conditions: readonly Condition[]): boolean =>
  conditions.filter(isMeasured).every(({ status }) => status === 'TRUE');

/** Why it is not ready: the first condition on the path of a change that does not hold. */
export const causeOf = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.filter(isMeasured).find(({ status }) => status !== 'TRUE');

/** True if nobody measures whether it works for its callers. */
export const isUnmeasured = (conditions: readonly Condition[]): boolean =>
  conditions.some((condition) => !isMeasured(condition));
