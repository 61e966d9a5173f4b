import type { InstallationValues } from './values.js';

/** A certificate in form only. */
export const CA = `-----BEGIN CERTIFICATE-----
MIIBszCCAVmgAwIBAgIUQm9ndXMgYnV0IHdlbGwgZm9ybWVk+/==
-----END CERTIFICATE-----
`;

export const TOKEN = `isthe_${'A'.repeat(43)}`;

export const PLAIN: InstallationValues = {
  gateway: { url: 'https://gateway.example.com:4443', ca: CA },
  enrolment: { token: TOKEN },
};

/** Values that reach every branch which manifest and chart share. */
export const CASES: Readonly<Record<string, InstallationValues>> = {
  'as it is': PLAIN,
  'a gateway at the port of https': { gateway: { url: 'https://gateway.example.com', ca: CA } },
  'a gateway by IPv6 address': { gateway: { url: 'https://[2001:db8::1]:4443', ca: CA } },
  'behind a proxy': {
    ...PLAIN,
    proxy: { https: 'http://proxy.example.com:3128', noProxy: 'localhost,10.0.0.0/8,.svc' },
    extraCa: { pem: `${CA}${CA}` },
  },
  'a proxy at the port of http': { ...PLAIN, proxy: { https: 'http://proxy.example.com' } },
  'measured, with another mesh namespace': {
    ...PLAIN,
    prometheus: { url: 'http://prometheus.istio-system:9090' },
    mesh: { namespace: 'mesh' },
  },
  'an image of one’s own, by tag': {
    ...PLAIN,
    image: { repository: 'registry.example.com:5000/isthmus/agent', tag: '0.1.0-1' },
  },
  'an image by digest': { ...PLAIN, image: { digest: `sha256:${'0a'.repeat(32)}` } },
  'with EnvoyFilters': { ...PLAIN, rbac: { envoyFilters: true } },
  'writing in two namespaces only': { ...PLAIN, rbac: { writeNamespaces: ['shop', 'bookinfo'] } },
};
