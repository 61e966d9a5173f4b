/** A GraphQL endpoint with a bearer token. */
export interface GraphqlEndpoint {
  url: string;
  token: string;
}

/** Sends one operation and returns its data; throws when the server cannot be reached or answers with errors. */
export async function graphql<T>(
  endpoint: GraphqlEndpoint,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const response = await fetch(endpoint.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${endpoint.token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
  if (answer.errors !== undefined || answer.data === undefined || answer.data === null) {
    throw new Error(answer.errors?.map((error) => error.message).join('; ') ?? `HTTP ${response.status} without data`);
  }
  return answer.data;
}
