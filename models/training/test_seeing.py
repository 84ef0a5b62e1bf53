"""Pictures, palettes and renders. Run: python -m unittest discover -s models/training"""

import importlib.util
import os
import sys
import tempfile
import unittest

LACKING = [name for name in ("numpy", "cv2", "PIL") if importlib.util.find_spec(name) is None]
if LACKING:
    print(f"{', '.join(LACKING)} not installed: pictures, palettes and renders are not tested", file=sys.stderr)
else:
    import numpy as np
    from PIL import Image

    from garments import figures, render
    from garments.labels import ATTRIBUTES, CATEGORIES
    from seeing import colour_names, palette, picture, retrieval


@unittest.skipIf(LACKING, "a package is missing")
class Pictures(unittest.TestCase):
    def test_squash_is_pillows_bilinear_but_for_rounding(self):
        rng = np.random.default_rng(1)
        for high, wide in ((533, 400), (90, 161), (160, 160), (1, 1), (3, 700)):
            source = rng.integers(0, 256, (high, wide, 3), np.uint8)
            theirs = np.asarray(Image.fromarray(source).resize((160, 160), Image.Resampling.BILINEAR)).astype(np.float32)
            self.assertLess(np.abs(picture.squash(source.astype(np.float32)) - theirs).max(), 1.01, (high, wide))

    def test_one_colour_stays_that_colour(self):
        out = picture.squash(np.full((7, 1000, 3), 93, np.float32))
        self.assertLess(np.abs(out - 93).max(), 1e-3)

    def test_transparent_parts_are_white(self):
        rgba = np.array([[[10, 20, 30, 0], [10, 20, 30, 255]]], np.uint8)
        self.assertEqual(picture.over_white(rgba).tolist(), [[[255, 255, 255], [10, 20, 30]]])

    def test_black_is_minus_one_and_white_one(self):
        self.assertEqual(picture.normalised(np.array([[[0, 127.5, 255]]], np.float32)).ravel().tolist(), [-1, 0, 1])


@unittest.skipIf(LACKING, "a package is missing")
class Palettes(unittest.TestCase):
    def test_differences_are_those_of_the_published_pairs(self):
        for one, other, expected in [
            ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
            ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
            ((50, 2.5, 0), (73, 25, -18), 27.1492),
            ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
        ]:
            self.assertAlmostEqual(palette.delta_e(one, other), expected, 4)

    def test_oklab_there_and_back_is_the_same_colour(self):
        self.assertTrue(np.allclose(palette.from_oklab(palette.to_oklab([0.2, 0.5, 0.7])), [0.2, 0.5, 0.7]))

    def test_two_halves_are_two_colours_and_what_lies_outside_is_none(self):
        cloth = np.zeros((160, 160, 3), np.float32) + [0, 255, 0]
        cloth[40:120, 40:100], cloth[40:120, 100:120] = [200, 30, 30], [30, 30, 200]
        mask = np.full((80, 80), -1.0)
        mask[20:60, 20:60] = 1
        found = palette.palette(cloth, mask)
        self.assertEqual(
            [np.round(palette.to_srgb(palette.from_oklab(lab))).astype(int).tolist() for lab, _ in found], [[200, 30, 30], [30, 30, 200]]
        )
        self.assertAlmostEqual(sum(share for _, share in found), 1)
        self.assertGreater(found[0][1], 0.7)

    def test_no_garment_has_no_palette(self):
        self.assertEqual(palette.palette(np.zeros((160, 160, 3), np.float32), np.full((80, 80), -1.0)), [])

    def test_every_prototype_has_its_own_name(self):
        for number, (_, _, colours) in enumerate(colour_names.NAMES):
            for colour in colours:
                rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
                self.assertEqual(colour_names.name_of(palette.to_oklab(palette.to_linear(rgb))), number)


@unittest.skipIf(LACKING, "a package is missing")
class Renders(unittest.TestCase):
    def test_a_number_is_the_same_picture_for_ever_and_another_number_another(self):
        one, again, other = render.garment(1, 2), render.garment(1, 2), render.garment(1, 3)
        self.assertTrue(all(np.array_equal(one[key], again[key]) for key in one))
        self.assertFalse(np.array_equal(one["picture"], other["picture"]))

    def test_every_category_has_cloth_points_in_order_and_known_attributes(self):
        for category in CATEGORIES:
            drawn = render.garment(5, 1, category=category)
            self.assertGreater((drawn["mask"] > 127).mean(), 0.02, category)
            self.assertTrue(all(0 <= a < len(v) for a, v in zip(drawn["attributes"], ATTRIBUTES.values(), strict=True)))
            marks = drawn["landmarks"]
            self.assertEqual((marks[:, 2] > 0).sum(), {"hat": 0, "shoes": 0, "pants": 6, "shorts": 6, "skirt": 4}.get(category, 10), category)
            self.assertAlmostEqual(float(drawn["palette"][:, 3].sum()), 1, 4)

    def test_hair_and_arms_are_part_of_the_person(self):
        for index in range(4):
            regions = figures.figure(5, index)["regions"].astype(int)
            self.assertTrue((regions[1:] <= regions[0] + 1).all())
            self.assertGreater((regions[0] > 127).mean(), 0.05)


@unittest.skipIf(LACKING, "a package is missing")
class Retrieval(unittest.TestCase):
    def test_perfect_neighbours_score_one_and_wrong_ones_nought(self):
        vectors = np.array([[1, 0], [0.99, 0.1], [0, 1], [0.1, 0.99]])
        self.assertEqual(retrieval.mean_average_precision(vectors, [0, 0, 1, 1]), 1)
        self.assertAlmostEqual(retrieval.mean_average_precision(vectors, [0, 1, 0, 1], depth=1), 0)

    def test_what_nothing_else_is_like_is_not_asked(self):
        vectors = np.array([[1, 0], [1, 0], [0, 1]])
        self.assertEqual(retrieval.mean_average_precision(vectors, [0, 0, 5]), 1)


@unittest.skipIf(LACKING or any(importlib.util.find_spec(name) is None for name in ("torch", "onnx", "onnxruntime")), "a package is missing")
class Graphs(unittest.TestCase):
    def test_the_onnx_file_is_the_net(self):
        import onnxruntime
        import torch
        from seeing import graph, network

        for name in network.PLANS:
            torch.manual_seed(1)
            net = network.build(name)
            for module in net.modules():  # batch norms that do something
                if isinstance(module, torch.nn.BatchNorm2d):
                    module.running_mean.normal_(0, 0.1)
                    module.running_var.uniform_(0.5, 2)
            image = np.random.default_rng(2).uniform(-1, 1, (1, 3, picture.SIZE, picture.SIZE)).astype(np.float32)
            with torch.no_grad():
                theirs = net.eval()(torch.from_numpy(image))
            theirs = {key: value.numpy() for key, value in theirs.items()}
            theirs["landmarks"] = theirs["key_points"] = np.concatenate([theirs["points"], theirs["visible"][..., None]], 2)
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "net.onnx")
                graph.write(name, network.PLANS[name], {k: v.numpy() for k, v in net.state_dict().items()}, path, {})
                run = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
                for output, found in zip(run.get_outputs(), run.run(None, {"image": image}), strict=True):
                    self.assertLess(np.abs(found - theirs[output.name]).max(), 1e-4, f"{name}, {output.name}")


if __name__ == "__main__":
    unittest.main()
