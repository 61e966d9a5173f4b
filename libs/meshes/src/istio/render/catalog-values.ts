const LOCALITY = /^[A-Za-z0-9][-_.A-Za-z0-9]*(\/[A-Za-z0-9][-_.A-Za-z0-9]*){0,2}$/;
const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const IPV6 = /^(?=.*::|([^:]*:){7}[^:]*$)(?!.*::.*::)(?!:[^:])(?!.*[^:]:$)[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i;

/** True for an IPv4 or IPv6 address without zone. */
export function isIpAddress(text: string): boolean {
  return IPV4.test(text) || IPV6.test(text);
}

/** True for `region`, `region/zone` or `region/zone/subzone`. */
export function isLocality(text: string): boolean {
  return LOCALITY.test(text);
}

/** True for a SPIFFE trust domain. */
export function isTrustDomain(text: string): boolean {
  return TRUST_DOMAIN.test(text);
}

/** True for a number that a TCP port can have. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65_535;
}
