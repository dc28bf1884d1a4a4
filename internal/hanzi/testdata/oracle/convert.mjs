// Converts lines with opencc-js, the independent oracle of the tests beside:
//
//   node convert.mjs FOLDER < jobs > results
//
// FOLDER holds node_modules/opencc-js. A job is a line {"config":"s2t","lines":["…"]},
// its result a line ["…"].
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

const file = resolve(process.argv[2], 'node_modules/opencc-js/dist/esm/full.js');
const OpenCC = (await import(pathToFileURL(file))).default ?? (await import(pathToFileURL(file)));

function ends(config) {
  const m = /^(s|tw|hk|t|jp)2(s|twp|tw|hkp|hk|t|jp)(p?)$/.exec(config);
  const locale = (s) => (s === 's' ? 'cn' : s);
  return { from: locale(m[1] + m[3]), to: locale(m[2]) };
}

for await (const job of createInterface({ input: process.stdin })) {
  const { config, lines } = JSON.parse(job);
  const convert = OpenCC.Converter(ends(config));
  process.stdout.write(JSON.stringify(lines.map((l) => convert(l))) + '\n');
}
