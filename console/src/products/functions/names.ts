/** What services, functions, triggers and aliases may be called. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/
