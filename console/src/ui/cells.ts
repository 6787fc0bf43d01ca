/** For `onCell` of a column: its text is code or data, which belongs to no language. The heading is a word like others. */
export const ofCode = () => ({ className: 'mono' })

/** The same for what somebody wrote in a language of their own. */
export const ownWords = () => ({ translate: 'no' as const })
