import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

/** Somebody whom the provider knows. */
export interface Person {
  name: string;
  email: string;
  groups: string[];
}

/** A real OpenID provider on a free port. Whoever is `signedIn` there gets in without being asked. */
export interface TestProvider {
  issuer: string;
  people: Map<string, Person>;
  signIn: (subject: string) => void;
  provider: Provider;
  /** Answers 503 to everything while it is away. */
  setAway: (away: boolean) => void;
  /** Requests to the token endpoint, by grant type. */
  grants: string[];
  /** Tokens that it gave. */
  issued: string[];
  close: () => Promise<void>;
}

export const CLIENT = { id: 'isthmus', secret: 'planted-client-secret-0123456789abcdef' };

interface Wishes {
  /** Where the API is found. */
  api: string;
  /** Name of the provider there. */
  name?: string;
  refreshTokens?: boolean;
  accessTokenSeconds?: number;
}

/** Starts a provider that sends people back to the API. */
export async function startIdentityProvider(wishes: Wishes): Promise<TestProvider> {
  const { api, name = 'corp' } = wishes;
  const people = new Map<string, Person>();
  const state = { signedIn: '', away: false };
  const grants: string[] = [];
  const issued: string[] = [];
  let handle: http.RequestListener = () => undefined;
  const server = http.createServer((request, response) => {
    if (state.away) return void response.writeHead(503).end();
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configuration({ ...wishes, api, name }, people));
  provider.on('grant.success', (ctx: KoaContextWithOIDC) => {
    grants.push(String(ctx.oidc.params?.['grant_type']));
    const given = Object.values((ctx.body ?? {}) as Record<string, unknown>);
    issued.push(...given.filter((value) => typeof value === 'string' && value.length > 40).map(String));
  });
  const callback = provider.callback();
  handle = (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return void callback(request, response);
    const result = { login: { accountId: state.signedIn, remember: false } };
    void provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  return {
    issuer,
    people,
    provider,
    grants,
    issued,
    signIn: (subject) => (state.signedIn = subject),
    setAway: (away) => (state.away = away),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration(wishes: Wishes & { name: string }, people: ReadonlyMap<string, Person>): Configuration {
  const { api, name, refreshTokens = true, accessTokenSeconds = 3600 } = wishes;
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${api}/auth/callback/${name}`],
        post_logout_redirect_uris: [`${api}/auth/login`],
        backchannel_logout_uri: `${api}/auth/back-channel/${name}`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ['sub', 'groups', 'sid'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['only-a-test'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: (ctx, form) => void (ctx.body = form) },
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: () => refreshTokens,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    findAccount: (_ctx, subject) => {
      const person = people.get(subject);
      return person && { accountId: subject, claims: () => ({ sub: subject, ...person }) };
    },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile email offline_access');
      await grant.save();
      return grant;
    },
  };
}
