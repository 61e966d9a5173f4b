import { durationText, type FeatureOf } from '@isthmus/domain';

const percentage = (share: number): { value: number } => ({ value: share / 100 });

const GRPC_STATUS = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** The `fault` of a route. */
export function faultOf(faults: FeatureOf<'faults'> | undefined): { fault?: object } {
  if (faults === undefined) return {};
  const { delay, abort } = faults;
  const status =
    abort?.grpcStatus === undefined
      ? { httpStatus: abort?.httpStatus }
      : { grpcStatus: GRPC_STATUS[abort.grpcStatus] ?? 'UNKNOWN' };
  return {
    fault: {
      ...(delay === undefined
        ? {}
        : { delay: { fixedDelay: durationText(delay.durationMs), percentage: percentage(delay.share) } }),
      ...(abort === undefined ? {} : { abort: { ...status, percentage: percentage(abort.share) } }),
    },
  };
}
