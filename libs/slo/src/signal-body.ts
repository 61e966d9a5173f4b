import type { ServiceSample } from '@isthmus/domain';
import { packSample, unpackSample, type PackedSample } from './packed-sample.js';

/** What a cluster measured in one minute or hour, as rows carry it. */
export interface SignalBody {
  samples: PackedSample[];
  /** Replayed, not measured. */
  simulated?: true;
}

/** The same, read. */
export interface Signals {
  samples: ServiceSample[];
  simulated: boolean;
}

/** Packs signals for a row. */
export function packSignals({ samples, simulated }: Signals): SignalBody {
  const packed = samples.map(packSample);
  return simulated ? { samples: packed, simulated } : { samples: packed };
}

/** Reads the body of a row. Samples that cannot be read are left out; what is no body holds none. */
export function unpackSignals(body: unknown): Signals {
  if (typeof body !== 'object' || body === null) return { samples: [], simulated: false };
  const { samples, simulated } = body as Record<string, unknown>;
  const read = Array.isArray(samples) ? samples.map(unpackSample).filter((one) => one !== undefined) : [];
  return { samples: read, simulated: simulated === true };
}
