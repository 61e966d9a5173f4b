/** The label that tells istiod that an endpoint speaks Istio's mutual TLS. */
export const TLS_MODE_LABEL = { 'security.istio.io/tlsMode': 'istio' } as const;
