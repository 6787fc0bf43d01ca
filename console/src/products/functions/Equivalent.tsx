import { SameElsewhere } from '@/ui/SameElsewhere'
import { type Act, sameFor } from './commands'

export const Equivalent = ({ act }: { act: Act }) => <SameElsewhere {...sameFor(act)} />
