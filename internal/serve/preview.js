// The preview's layer on a page: a bar, a list of mistakes, and what happens when a file is saved. It lives in a shadow
// tree beside <body>, so that neither the page's styles nor its scripts meet it.
(() => {
  const me = document.currentScript
  let events
  const place = 'zhendi-preview:' + location.pathname

  // The reader's place, over a load of the page.
  const saved = sessionStorage.getItem(place)
  if (saved) {
    sessionStorage.removeItem(place)
    const [x, y] = saved.split(',').map(Number)
    const back = () => scrollTo({left: x, top: y, behavior: 'instant'})
    back()
    addEventListener('load', back, {once: true})
  }
  const keep = () => sessionStorage.setItem(place, scrollX + ',' + scrollY)

  const host = document.createElement('zhendi-preview')
  const root = host.attachShadow({mode: 'open'})
  const sheet = document.createElement('link')
  sheet.rel = 'stylesheet'
  sheet.href = '/_zhendi/preview.css'
  const make = (tag, name, text) => {
    const e = document.createElement(tag)
    if (name) e.className = name
    if (text) e.textContent = text
    return e
  }
  const mistakes = make('section', 'mistakes')
  mistakes.setAttribute('role', 'alert')
  mistakes.hidden = true
  const bar = make('div', 'bar', '预览')
  bar.setAttribute('role', 'status')
  root.append(sheet, mistakes, bar)
  document.documentElement.append(host)

  const show = s => {
    bar.replaceChildren(make('b', '', '预览'))
    if (s.file) bar.append(make('span', 'file', s.file))
    for (const why of s.withheld) bar.append(make('span', 'why', '现在不会发布：' + why))
    if (s.file && !s.withheld.length && !s.mistakes.length) bar.append(make('span', '', '现在生成就会发布'))
    if (s.warnings) bar.append(make('span', '', '警告 ' + s.warnings + ' 处，用 zhendi check 查看'))
    const n = s.mistakes.length + s.more
    mistakes.hidden = !n
    mistakes.replaceChildren(make('h2', '', '错误 ' + n + ' 处，改正前不能发布' + (s.stands ? '；下面是改错前的网页' : '')))
    for (const m of s.mistakes) {
      const item = make('article')
      item.append(make('code', 'place', m.place), make('p', '', m.message))
      if (m.line) item.append(make('pre', '', m.line))
      if (m.fix) item.append(make('p', 'fix', '→ ' + m.fix))
      mistakes.append(item)
    }
    if (s.more) mistakes.append(make('p', '', '还有 ' + s.more + ' 处，用 zhendi check 查看'))
    document.documentElement.dataset.zhendiPreview = n ? 'mistakes' : 'ready'
  }

  // The new style first, then away with the old: the page is never without.
  const style = styles => {
    for (const old of document.querySelectorAll('link[rel=stylesheet]')) {
      const stem = new URL(old.href).pathname.replace(/\.[0-9a-f]+\.css$/, '')
      if (!styles[stem] || new URL(old.href).pathname === styles[stem]) continue
      const link = old.cloneNode()
      link.href = styles[stem]
      link.addEventListener('load', () => old.remove(), {once: true})
      old.after(link)
    }
  }

  const connect = () => {
    if (events || document.hidden) return
    const q = new URLSearchParams({page: decodeURIComponent(location.pathname), sum: me.dataset.sum, plain: me.dataset.plain})
    events = new EventSource('/_zhendi/events?' + q)
    const on = (name, f) => events.addEventListener(name, e => f(JSON.parse(e.data)))
    on('state', show)
    on('style', style)
    on('reload', () => { keep(); location.reload() })
    on('go', url => { keep(); location.replace(url) })
    events.addEventListener('open', () => bar.classList.remove('gone'))
    events.addEventListener('error', () => bar.classList.add('gone'))
  }
  // Browsers keep few connections to one server: a page that nobody sees gives its own back.
  const disconnect = () => {
    if (events) events.close()
    events = undefined
  }
  document.addEventListener('visibilitychange', () => document.hidden ? disconnect() : connect())
  addEventListener('pagehide', disconnect)
  addEventListener('pageshow', connect)
  connect()
})()
