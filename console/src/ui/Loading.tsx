import { Skeleton } from 'antd'

export const Loading = () => <Skeleton active paragraph={{ rows: 6 }} aria-busy />
