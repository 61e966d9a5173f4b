import { randomBytes } from 'node:crypto';
import type { Patience } from '../auth/oidc/patience.js';
import { createSealer } from '../auth/sealer.js';
import { parseSignInSettings, type SignInSettings } from '../auth/sign-in-settings.js';
import type { ApiServerOptions } from '../server/api-server.js';
import { startTestApi, type TestApi } from './api.fixture.js';
import { TestBrowser } from './browser.fixture.js';
import { freePort } from './free-port.fixture.js';
import { CLIENT, startIdentityProvider, type TestProvider } from './identity-provider.fixture.js';

/** The API with a provider named `corp`. */
export interface SignInApi extends TestApi {
  idp: TestProvider;
  settings: SignInSettings;
  /** Signs somebody in, in a browser of their own. */
  enter: (subject: string, browser?: TestBrowser) => Promise<TestBrowser>;
}

export const ROLES_OF_GROUPS = { admins: 'Admin', editors: 'Editor', readers: 'Viewer' };

/** Settings as a file would say them. */
export async function settingsFor(api: string, document: object): Promise<SignInSettings> {
  const parsed = await parseSignInSettings(document, new URL(api), () => Promise.resolve(CLIENT.secret));
  if (!parsed.ok) throw new Error(parsed.faults.join('; '));
  return parsed.settings;
}

/** Starts provider and API; ada is an admin, rob a reader, nia has no group that counts. */
export async function startSignInApi(
  wishes: {
    document?: object;
    options?: Partial<ApiServerOptions>;
    refreshTokens?: boolean;
    accessTokenSeconds?: number;
    patience?: Patience;
    /** More providers, once the address of the API is known. */
    beside?: (api: string) => Promise<object[]>;
  } = {},
): Promise<SignInApi> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const idp = await startIdentityProvider({ api: url, ...wishes });
  idp.people.set('ada', { name: 'Ada L.', email: 'ada@example.com', groups: ['admins', 'everyone'] });
  idp.people.set('rob', { name: 'Rob', email: 'rob@example.com', groups: ['readers'] });
  idp.people.set('nia', { name: 'Nia', email: 'nia@example.com', groups: ['everyone'] });
  const corp = {
    name: 'corp',
    title: 'Corp',
    issuer: idp.issuer,
    clientId: CLIENT.id,
    clientSecretFile: 'x',
    roles: ROLES_OF_GROUPS,
  };
  const beside = (await wishes.beside?.(url)) ?? [];
  const settings = await settingsFor(url, { providers: [corp, ...beside], recheckSeconds: 1, ...wishes.document });
  const { patience } = wishes;
  const signIn = { settings, sealer: createSealer(randomBytes(32)), ...(patience && { patience }) };
  const api = await startTestApi({ port, signIn, recheckMs: 300, ...wishes.options });
  return {
    ...api,
    idp,
    settings,
    enter: async (subject, browser = new TestBrowser()) => {
      idp.signIn(subject);
      await browser.visit(`${url}/auth/login/corp?return_to=/auth`);
      return browser;
    },
    close: async () => {
      await api.close();
      await idp.close();
    },
  };
}
