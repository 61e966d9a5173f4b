/** What accounts of the local door have as provider and issuer: no provider can have this name, since it is no URL. */
export const LOCAL_PROVIDER = '(local)';
