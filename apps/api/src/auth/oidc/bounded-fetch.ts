import { deadline } from './patience.js';

/** Of one answer of a provider, decompressed: metadata, keys and tokens have some ten thousand bytes. */
export const MOST_BYTES = 1024 * 1024;

/**
 * Fetches as `fetch` does; the body breaks off with an error where it is longer than a provider can mean, and request and body where
 * what is being done has no time left.
 */
export async function boundedFetch(url: string, options: RequestInit): Promise<Response> {
  const signals = [options.signal, deadline()].filter((signal) => signal instanceof AbortSignal);
  const response = await fetch(url, { ...options, signal: AbortSignal.any(signals) });
  if (response.body === null) return response;
  let left = MOST_BYTES;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new Error(`the answer has more than ${MOST_BYTES} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}
