/** The release of this agent, as it says it in hello. */
export const AGENT_VERSION = '0.1.0';
