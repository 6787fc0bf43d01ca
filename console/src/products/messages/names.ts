// The vendor's rules for names (mns contract 3 and 4).
export const LONGEST_QUEUE = 120
export const LONGEST_TOPIC = 255
const NAME = /^[A-Za-z0-9][A-Za-z0-9-]*$/

export const isName = (text: string, most: number) => NAME.test(text) && text.length <= most
