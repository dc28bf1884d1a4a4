// The part of lighthouse.sh that serves the site and runs Lighthouse.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import lighthouse from 'lighthouse';
import * as launcher from 'chrome-launcher';

const { SITE, OUT, PORT, RUNS, REPORTS, CHROME_PATH } = process.env;
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg', '.png': 'image/png', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8' };
const { articles } = JSON.parse(fs.readFileSync(path.join(SITE, '.zhendi/catalogue.json')));

// counts of views, as zhendi views writes them
const sidecar = name => {
  if (name.startsWith('hot')) {
    const rows = articles.slice(0, 10).map(a => ({ id: a.id, url: a.editions[0].path, title: a.editions[0].title, date: a.date?.slice(0, 10), count: 1234 }));
    return { site: rows, columns: {} };
  }
  return { counts: Object.fromEntries(articles.map((a, i) => [a.id, 100 + i])) };
};

const server = http.createServer((req, res) => {
  const at = decodeURIComponent(new URL(req.url, 'http://x').pathname);
  let file = path.join(OUT, at), body;
  if (at.startsWith('/_views/')) body = Buffer.from(JSON.stringify(sidecar(at.slice(8))));
  else {
    if (fs.existsSync(file) && fs.statSync(file).isDirectory()) file = path.join(file, 'index.html');
    if (!fs.existsSync(file)) { res.writeHead(404).end(); return; }
    body = fs.readFileSync(file);
  }
  const type = types[path.extname(file)] || 'application/octet-stream';
  const head = { 'Content-Type': type, 'Cache-Control': /^\/_(assets|pictures)\//.test(at) ? 'max-age=31536000, immutable' : 'max-age=300' };
  if (!/image\/(jpeg|png)/.test(type)) { body = zlib.gzipSync(body); head['Content-Encoding'] = 'gzip'; }
  res.writeHead(200, head).end(body);
});
await new Promise(done => server.listen(+PORT, '127.0.0.1', done));

const article = articles.map(a => a.editions[0].path).find(p => {
  const f = path.join(OUT, decodeURIComponent(p));
  return fs.existsSync(f) && /<figure><img[^>]*srcset/.test(fs.readFileSync(f, 'utf8'));
});
const pages = { home: '/', column: '/yw/', article };
const median = list => list.toSorted((a, b) => a - b)[list.length >> 1];
const row = cells => console.log(cells.map((c, i) => String(c)[i ? 'padStart' : 'padEnd'](i ? 16 : 10)).join(''));
row(['page', 'performance', 'accessibility', 'best practices', 'SEO', 'CLS', 'LCP ms', 'bytes']);
let short = 0;
for (const [name, at] of Object.entries(pages)) {
  const runs = [];
  const failed = new Set();
  for (let i = 0; i < +RUNS; i++) {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lh-'));
    const chrome = await launcher.launch({ chromePath: CHROME_PATH, userDataDir: dir, chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });
    try {
      const { lhr, report } = await lighthouse(`http://127.0.0.1:${PORT}${at}`, { port: chrome.port, output: 'html', logLevel: 'error',
        onlyCategories: ['performance', 'accessibility', 'best-practices', 'seo'] });
      if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
      const { performance, accessibility, seo, ...rest } = lhr.categories;
      runs.push([performance, accessibility, rest['best-practices'], seo].map(c => Math.round(c.score * 100))
        .concat([lhr.audits['cumulative-layout-shift'].numericValue, Math.round(lhr.audits['largest-contentful-paint'].numericValue), lhr.audits['total-byte-weight'].numericValue]));
      for (const c of [accessibility, rest['best-practices'], seo])
        for (const r of c.auditRefs) {
          const a = lhr.audits[r.id];
          if (r.weight > 0 && a.score !== null && a.score < 1)
            failed.add(`  ${r.id}: ${a.title}${(a.details?.items || []).slice(0, 3).map(d => '\n    ' + (d.node?.snippet || d.description || d.source || JSON.stringify(d)).slice(0, 200)).join('')}`);
        }
      if (REPORTS) { fs.mkdirSync(REPORTS, { recursive: true }); fs.writeFileSync(path.join(REPORTS, name + '.html'), report); }
    } finally {
      chrome.kill();
      fs.rmSync(dir, { recursive: true, force: true });
    }
  }
  const m = runs[0].map((_, k) => median(runs.map(r => r[k])));
  row([name, m[0], m[1], m[2], m[3], m[4].toFixed(4), m[5], m[6]]);
  for (const f of failed) console.log(f);
  if (m[1] < 100 || m[2] < 100 || m[3] < 100 || m[4] > 0) short++;
}
server.close();
console.log(short ? 'short of a bar' : 'every bar is held');
process.exit(short ? 3 : 0);
