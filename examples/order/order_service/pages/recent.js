// The orders that were placed in this browser, the newest first. Without storage there are none.

const KEY = 'orders', MOST = 5

export function recent() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY))
    return Array.isArray(found) ? found.filter((order) => typeof order === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

export function remember(order) {
  try {
    localStorage.setItem(KEY, JSON.stringify([order, ...recent()].slice(0, MOST)))
  } catch {
    // a private window: the order's address is in the address bar
  }
}
