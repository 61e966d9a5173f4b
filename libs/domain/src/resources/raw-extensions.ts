/** What a cluster may be opened for: kinds of objects that reach past the API of a mesh into its proxies. */
export const RAW_EXTENSIONS = ['ENVOY_FILTER'] as const;
