"use strict";

// The parts of the page, in their order. `fill` draws a part for one model, `whole` for all; `when` says whether there is one.

function allSections(report) {
  return [
    {
      id: "comparison", title: "Side by side", whole: () => comparison(report), when: () => canCompare(report),
      note: "Both models read the same input. What is chosen in one is chosen in that one alone; the step is the same in both.",
    },
    {
      id: "output", title: "Output", fill: fillOutput, when: (focus) => focus.model.isOfSequence,
      note: "What the model gave for the whole sequence.",
    },
    { id: "findings", title: "Findings", fill: fillFindings, when: (focus) => focus.model.findings.length > 0 },
    {
      id: "overview", title: "Gates", fill: fillOverview,
      note: "One dot a unit: how often its gate is nearly closed, and how often nearly open. Below it the mean over all units at each "
        + "step, within the range of the middle four fifths.",
    },
    {
      id: "maps", title: "Heat maps", fill: fillMaps,
      note: "A row for each unit, a column for each step; a matrix as it is at one step. Point at a cell for its value; click it, or walk with the arrow keys, to "
        + "see the whole step worked out.",
    },
    {
      id: "units", title: "Units", fill: fillUnits,
      note: "What is read, coloured by one unit. The left and right arrow keys flip through the units in the order that is chosen.",
    },
    {
      id: "search", title: "Search", fill: fillSearch,
      note: "Mark a part of the input: which units are on there and off elsewhere, and where else does the layer look like this?",
    },
    {
      id: "memory", title: "Memory", fill: fillMemory, when: (focus) => focus.model.memory.length > 0,
      note: "The norm of the gradient of one output's loss with respect to each earlier input: what that output depends on.",
    },
    {
      id: "weights", title: "Weights", fill: fillWeights,
      note: "How the weights of each equation are spread, all of one kind on one scale. Through a recurrent matrix with a spectral "
        + "radius above 1 something can grow from step to step; below 1 all fades.",
    },
  ];
}
