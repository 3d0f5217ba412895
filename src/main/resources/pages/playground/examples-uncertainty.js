// Three questions, as the guide to Inv-Entropy has them, and similarities made up for illustration.
export const SAMPLES = [
  {
    "name": "No right answer",
    "state": {
      "input": "texts",
      "prompts": "What did the third shepherd buy at the market on Monday?\nOn Monday, what was bought at the market by the third shepherd?\nWhich thing did the third shepherd purchase on Monday?\nTell me what the third shepherd bought at Monday's market.\nWhat was the third shepherd's purchase at the market on Monday?",
      "answers": "A new cloak.\nTwo barrels of salted fish.\nHe sold his dog and bought nothing.\nSeeds for the spring.\nA lamp with oil for seven nights.",
      "unit": "nat",
      "sim_x": "1 0.9 0.8 0.85\n0.9 1 0.85 0.8\n0.8 0.85 1 0.9\n0.85 0.8 0.9 1",
      "sim_y": "1 0.4 0.1 0.2\n0.4 1 0.3 0.1\n0.1 0.3 1 0.35\n0.2 0.1 0.35 1"
    }
  },
  {
    "name": "A disputed answer",
    "state": {
      "input": "texts",
      "prompts": "Who wrote the letter to the Hebrews?\nWho is the author of the Epistle to the Hebrews?\nBy whom was the letter to the Hebrews written?\nName the writer of Hebrews.\nWhich person composed the letter to the Hebrews?",
      "answers": "Paul.\nThe apostle Paul wrote it.\nIts author is unknown.\nPerhaps Apollos.\nPaul the apostle.",
      "unit": "nat",
      "sim_x": "1 0.9 0.8 0.85\n0.9 1 0.85 0.8\n0.8 0.85 1 0.9\n0.85 0.8 0.9 1",
      "sim_y": "1 0.4 0.1 0.2\n0.4 1 0.3 0.1\n0.1 0.3 1 0.35\n0.2 0.1 0.35 1"
    }
  },
  {
    "name": "One right answer",
    "state": {
      "input": "texts",
      "prompts": "Which planet is the largest of the solar system?\nWhat is the biggest planet around the sun?\nName the largest planet that orbits the sun.\nOf all the planets of the solar system, which is largest?\nWhich planet is the greatest in size?",
      "answers": "Jupiter.\nIt is Jupiter.\nJupiter is the largest.\nThe largest planet is Jupiter.\nJupiter",
      "unit": "nat",
      "sim_x": "1 0.9 0.8 0.85\n0.9 1 0.85 0.8\n0.8 0.85 1 0.9\n0.85 0.8 0.9 1",
      "sim_y": "1 0.4 0.1 0.2\n0.4 1 0.3 0.1\n0.1 0.3 1 0.35\n0.2 0.1 0.35 1"
    }
  },
  {
    "name": "Your own similarities",
    "state": {
      "input": "matrices",
      "prompts": "What did the third shepherd buy at the market on Monday?\nOn Monday, what was bought at the market by the third shepherd?\nWhich thing did the third shepherd purchase on Monday?\nTell me what the third shepherd bought at Monday's market.\nWhat was the third shepherd's purchase at the market on Monday?",
      "answers": "A new cloak.\nTwo barrels of salted fish.\nHe sold his dog and bought nothing.\nSeeds for the spring.\nA lamp with oil for seven nights.",
      "unit": "nat",
      "sim_x": "1 0.9 0.8 0.85\n0.9 1 0.85 0.8\n0.8 0.85 1 0.9\n0.85 0.8 0.9 1",
      "sim_y": "1 0.4 0.1 0.2\n0.4 1 0.3 0.1\n0.1 0.3 1 0.35\n0.2 0.1 0.35 1"
    }
  }
];
