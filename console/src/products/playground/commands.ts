// The commands that do what the playground does.
import type { Schemas } from '@/api/client'
import { address, apiCall } from '@/ui/shell'

export const runProgram = (body: Schemas['Program']) => apiCall('POST', address('playground', 'run'), body)
export const makeFunction = (body: Schemas['NewMade']) => apiCall('POST', address('playground', 'functions'), body)
