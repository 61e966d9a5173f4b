/** Ids of documents by the name of their operation, put here by the build; a development server and tests have none. */
declare const DOCUMENT_IDS: Readonly<Record<string, string>> | undefined;

const BUILT = typeof DOCUMENT_IDS === 'undefined' ? {} : DOCUMENT_IDS;

interface Body {
  operationName?: string;
  query?: string;
}

/** How the API refuses a hash that it does not know; nothing was run then. */
const UNKNOWN = 'This server has no document';

/**
 * Names documents by hash instead of sending them. A server of another release does not know the hash: it is sent the document, so that a
 * tab which is older than the server goes on.
 */
export function byHash(fetcher: typeof fetch, ids: Readonly<Record<string, string>> = BUILT): typeof fetch {
  return async (address, init) => {
    const { query, ...rest } = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Body;
    const documentId = ids[rest.operationName ?? ''];
    if (query === undefined || documentId === undefined) return fetcher(address, init);
    const response = await fetcher(address, { ...init, body: JSON.stringify({ ...rest, documentId }) });
    const isUnknown = response.status === 400 && (await response.clone().text()).includes(UNKNOWN);
    return isUnknown ? fetcher(address, init) : response;
  };
}
