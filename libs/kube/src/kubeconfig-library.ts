// The library that reads kubeconfigs, in a module of its own: a bundler can leave out what is not used of it, and programs load it when needed.
export { KubeConfig } from '@kubernetes/client-node';
