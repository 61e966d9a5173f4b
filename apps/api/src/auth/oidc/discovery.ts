import * as oidc from 'openid-client';
import { isLoopback, type ProviderSettings } from '../sign-in-settings.js';
import { boundedFetch } from './bounded-fetch.js';
import { ALGORITHMS, ProviderKeys, type FetchTimes } from './provider-keys.js';

export const CLOCK_TOLERANCE_SECONDS = 30;

/** What a provider publishes of itself. */
export interface Discovered {
  config: oidc.Configuration;
  metadata: Readonly<oidc.ServerMetadata>;
  /** Those of its ID tokens that can be checked by its keys. */
  algorithms: readonly string[];
  keys: ProviderKeys;
}

/** Fetches metadata. The configuration takes every algorithm that a signature can be checked by; `algorithms` says which are its own. */
export async function discover(settings: ProviderSettings, times: FetchTimes): Promise<Discovered> {
  const { clientId } = settings;
  const url = new URL(settings.issuer);
  const [client, authentication] = [{ [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS }, authenticationOf(settings)];
  const isLocal = url.protocol === 'http:' && isLoopback(url);
  const execute = isLocal ? [oidc.allowInsecureRequests] : [];
  const [timeout, customFetch] = [times.requestMs / 1000, { [oidc.customFetch]: boundedFetch }];
  const found = await oidc.discovery(url, clientId, client, authentication, { execute, timeout, ...customFetch });
  const metadata: Readonly<oidc.ServerMetadata> = found.serverMetadata();
  const most = { ...metadata, id_token_signing_alg_values_supported: [...ALGORITHMS] };
  const config = new oidc.Configuration(most, clientId, client, authentication);
  Object.assign(config, { timeout, ...customFetch });
  for (const extend of execute) extend(config);
  const said = metadata.id_token_signing_alg_values_supported ?? ['RS256'];
  const algorithms = said.filter((one) => ALGORITHMS.includes(one));
  if (metadata.jwks_uri === undefined) throw new Error('the provider publishes no keys');
  return { config, metadata, algorithms, keys: new ProviderKeys(new URL(metadata.jwks_uri), times) };
}

function authenticationOf({ clientSecret, clientAuthentication }: ProviderSettings): oidc.ClientAuth {
  if (clientSecret === undefined) return oidc.None();
  return clientAuthentication === 'post' ? oidc.ClientSecretPost(clientSecret) : oidc.ClientSecretBasic(clientSecret);
}
