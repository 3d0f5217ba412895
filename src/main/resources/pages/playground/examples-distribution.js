// Scores made up for illustration.
export const SAMPLES = [
  {
    "name": "A story begins",
    "state": {
      "kind": "logits",
      "data": "\" a\" 9.1\n\" the\" 8.9\n\" there\" 8.8\n\" in\" 8.3\n\" an\" 7.9\n\" when\" 7.6\n\" on\" 7.5\n\" two\" 7.2\n\" my\" 7.1\n\" far\" 7.0\n\" before\" 6.9\n\" one\" 6.9\n\" at\" 6.7\n\" she\" 6.6\n\" he\" 6.6\n\" some\" 6.4\n\" no\" 6.2\n\" three\" 6.1\n\" long\" 6.1\n\" as\" 5.9\n\" every\" 5.6\n\" all\" 5.5\n\" they\" 5.5\n\" I\" 5.4\n\" this\" 5.1\n\" by\" 5.0\n\" from\" 4.9\n\" upon\" 4.6\n\" many\" 4.5\n\" during\" 4.1\n\" after\" 4.0\n\" near\" 3.9",
      "vocab_size": 128256,
      "temperature": 1,
      "top_h": 0.8,
      "top_p": 0.9,
      "min_p": 0.1,
      "top_n_sigma": 1,
      "unit": "nat"
    }
  },
  {
    "name": "A capital it knows",
    "state": {
      "kind": "logits",
      "data": "\" Paris\" 21.4\n\" the\" 18.1\n\" a\" 17.0\n\" located\" 16.6\n\" known\" 15.9\n\" not\" 15.6\n\" called\" 15.1\n\" also\" 14.9\n\" one\" 14.8\n\" home\" 14.2\n\" in\" 14.1\n\" now\" 13.7\n\" Lyon\" 13.5\n\" considered\" 13.2\n\" Marseille\" 12.9\n\" famous\" 12.8\n\" Versailles\" 12.6\n\" Brussels\" 12.1\n\" of\" 11.9\n\" Nice\" 11.6\n\" Rome\" 11.2\n\" Berlin\" 11.0\n\" London\" 10.9\n\" Bordeaux\" 10.6",
      "vocab_size": 128256,
      "temperature": 1,
      "top_h": 0.4,
      "top_p": 0.9,
      "min_p": 0.1,
      "top_n_sigma": 1,
      "unit": "nat"
    }
  },
  {
    "name": "The best five alone",
    "state": {
      "kind": "top_logprobs",
      "data": "\" Paris\" -0.2231\n\" the\" -2.1203\n\" a\" -3.0791\n\" located\" -4.2687\n\" Lyon\" -5.116",
      "vocab_size": 128256,
      "temperature": 1,
      "top_h": 0.4,
      "top_p": 0.9,
      "min_p": 0.1,
      "top_n_sigma": 1,
      "unit": "nat"
    }
  }
];
