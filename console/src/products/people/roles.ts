export const ROLES = ['viewer', 'operator', 'administrator'] as const
