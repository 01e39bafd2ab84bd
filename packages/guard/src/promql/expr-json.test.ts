import { expect, it } from 'vitest';
import { exprJson, parseExpr } from './index.ts';

const json = (text: string): unknown => JSON.parse(JSON.stringify(exprJson(parseExpr(text))));

it('gives the tree of a whole query, with keys as in the API', () => {
  expect(
    json('topk(3, rate(x{a!="b"}[5m] offset 1m)) > bool on (a) group_left (c) -y'),
  ).toMatchInlineSnapshot(`
    {
      "bool": true,
      "lhs": {
        "expr": {
          "args": [
            {
              "anchored": false,
              "matchers": [
                {
                  "name": "a",
                  "type": "!=",
                  "value": "b",
                },
                {
                  "name": "__name__",
                  "type": "=",
                  "value": "x",
                },
              ],
              "name": "x",
              "offset": 60000,
              "offsetExpr": null,
              "range": 300000,
              "rangeExpr": null,
              "smoothed": false,
              "startOrEnd": null,
              "timestamp": null,
              "type": "matrixSelector",
            },
          ],
          "func": {
            "argTypes": [
              "matrix",
            ],
            "name": "rate",
            "returnType": "vector",
            "variadic": 0,
          },
          "type": "call",
        },
        "grouping": [],
        "op": "topk",
        "param": {
          "type": "numberLiteral",
          "val": "3",
        },
        "type": "aggregation",
        "without": false,
      },
      "matching": {
        "card": "many-to-one",
        "fillValues": {
          "lhs": null,
          "rhs": null,
        },
        "include": [
          "c",
        ],
        "labels": [
          "a",
        ],
        "on": true,
      },
      "op": ">",
      "rhs": {
        "expr": {
          "anchored": false,
          "matchers": [
            {
              "name": "__name__",
              "type": "=",
              "value": "y",
            },
          ],
          "name": "y",
          "offset": 0,
          "offsetExpr": null,
          "smoothed": false,
          "startOrEnd": null,
          "timestamp": null,
          "type": "vectorSelector",
        },
        "op": "-",
        "type": "unaryExpr",
      },
      "type": "binaryExpr",
    }
  `);
});

it('gives durations that are arithmetic as trees, and their lengths as 0', () => {
  expect(json('x[max_of(step(), (5m))] @ 1.5')).toMatchInlineSnapshot(`
    {
      "anchored": false,
      "matchers": [
        {
          "name": "__name__",
          "type": "=",
          "value": "x",
        },
      ],
      "name": "x",
      "offset": 0,
      "offsetExpr": null,
      "range": 0,
      "rangeExpr": {
        "lhs": {
          "lhs": null,
          "op": "step",
          "rhs": null,
          "type": "durationExpr",
          "wrapped": false,
        },
        "op": "max_of",
        "rhs": {
          "lhs": null,
          "op": "+",
          "rhs": {
            "duration": true,
            "type": "numberLiteral",
            "val": "300",
          },
          "type": "durationExpr",
          "wrapped": true,
        },
        "type": "durationExpr",
        "wrapped": false,
      },
      "smoothed": false,
      "startOrEnd": null,
      "timestamp": 1500,
      "type": "matrixSelector",
    }
  `);
});

it('gives a chain of operators in one piece', () => {
  const chain = json(Array.from({ length: 1000 }, () => 'x').join(' + '));
  expect(chain).toMatchObject({ op: '+', lhs: { op: '+' } });
});
