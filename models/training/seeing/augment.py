"""Changes to whole batches on the device that trains. Pictures are f32 `[n, 3, h, w]` in 0..1, points in 0..1."""

import math

import torch
from torch.nn import functional as F


def _uniform(n, low, high, device):
    return torch.rand(n, device=device) * (high - low) + low


def frames(n, device, area, turn, aspect, shift):
    """Random views: `[n, 2, 3]` matrices from the view's square (−1..1) to the picture's."""
    scale = torch.sqrt(_uniform(n, *area, device))
    stretch = torch.exp(_uniform(n, -aspect, aspect, device))
    angle = torch.randn(n, device=device) * turn
    flip = torch.where(torch.rand(n, device=device) < 0.5, -1.0, 1.0)
    c, s = torch.cos(angle), torch.sin(angle)
    wide, high = (scale * stretch).clamp(max=1.3), (scale / stretch).clamp(max=1.3)
    rows = torch.stack([torch.stack([c * wide * flip, -s * high], 1), torch.stack([s * wide * flip, c * high], 1)], 1)
    room_x, room_y = (1 - wide).abs() + shift, (1 - high).abs() + shift
    move = torch.stack([_uniform(n, -1, 1, device) * room_x, _uniform(n, -1, 1, device) * room_y], 1)
    return torch.cat([rows, move[..., None]], 2), flip


def look(pictures, frame, size, padding="reflection"):
    """The view `frame` of each picture, `size` pixels a side."""
    grid = F.affine_grid(frame, [len(pictures), pictures.shape[1], size, size], align_corners=False)
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode=padding, align_corners=False)


def move_points(points, frame, flip, mirrored):
    """Points `[n, k, 3]` as the view has them; mirrored pairs change names; outside the view they count as covered."""
    at = points[..., :2] * 2 - 1
    inverse = torch.linalg.inv_ex(frame[:, :, :2])[0]
    at = torch.einsum("nij,nkj->nki", inverse, at - frame[:, None, :, 2])
    at = at / 2 + 0.5
    outside = ((at < 0) | (at > 1)).any(-1)
    seen = torch.where(outside & (points[..., 2] > 1), torch.ones_like(points[..., 2]), points[..., 2])
    moved = torch.cat([at, seen[..., None]], -1)
    swapped = moved[:, mirrored]
    return torch.where((flip < 0)[:, None, None], swapped, moved)


_GREY = (0.299, 0.587, 0.114)


def colours(x, strength):
    """Brightness, contrast, saturation, hue, gamma, sometimes grey or channels exchanged, as much as `strength` (0..1) says."""
    n, device = len(x), x.device
    grey = torch.tensor(_GREY, device=device)
    saturation = _uniform(n, 1 - 0.8 * strength, 1 + 0.8 * strength, device)
    saturation = torch.where(torch.rand(n, device=device) < 0.12 * strength, torch.zeros_like(saturation), saturation)
    turn = torch.randn(n, device=device) * 0.35 * strength
    # A turn about the grey axis by Rodrigues' formula, then saturation as a pull from grey.
    k = 1 / math.sqrt(3)
    cross = torch.tensor([[0, -k, k], [k, 0, -k], [-k, k, 0]], device=device)
    c, s = torch.cos(turn)[:, None, None], torch.sin(turn)[:, None, None]
    matrix = c * torch.eye(3, device=device) + s * cross + (1 - c) / 3
    pull = saturation[:, None, None]
    matrix = matrix @ (pull * torch.eye(3, device=device) + (1 - pull) * grey)
    gain = torch.exp(torch.randn(n, 1, 1, 1, device=device) * 0.25 * strength) * (1 + torch.randn(n, 3, 1, 1, device=device) * 0.08 * strength)
    x = torch.einsum("nij,njhw->nihw", matrix, x) * gain
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * _uniform(n, 1 - 0.5 * strength, 1 + 0.5 * strength, device)[:, None, None, None] + mean
    x = x.clamp(0, 1) ** torch.exp(torch.randn(n, 1, 1, 1, device=device) * 0.25 * strength)
    exchanged = torch.rand(n, device=device) < 0.08 * strength
    inverted = torch.rand(n, device=device) < 0.04 * strength
    x = torch.where(exchanged[:, None, None, None], x[:, torch.randperm(3, device=device)], x)
    return torch.where(inverted[:, None, None, None], 1 - x, x)


def camera(x, chance):
    """Blur or noise for a share of the pictures."""
    n, device = len(x), x.device
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    if torch.rand(()) < 0.5:
        blurred = F.avg_pool2d(F.pad(blurred, (2, 2, 2, 2), mode="replicate"), 5, 1)
    x = torch.where((torch.rand(n, device=device) < chance)[:, None, None, None], blurred, x)
    noisy = (torch.rand(n, 1, 1, 1, device=device) < chance) * torch.rand(n, 1, 1, 1, device=device) * 0.08
    return x + torch.randn_like(x) * noisy


def erase(x, chance, low=0.02, high=0.2):
    """A box of noise over a share of the pictures. Returns the pictures and what is left, `[n, 1, h, w]`."""
    n, _, h, w = x.shape
    device = x.device
    area, ratio = _uniform(n, low, high, device), torch.exp(_uniform(n, -1, 1, device))
    high_, wide = torch.sqrt(area * ratio) * h, torch.sqrt(area / ratio) * w
    top, left = torch.rand(n, device=device) * (h - high_), torch.rand(n, device=device) * (w - wide)
    rows, columns = torch.arange(h, device=device), torch.arange(w, device=device)
    row = (rows >= top[:, None]) & (rows < (top + high_)[:, None])
    column = (columns >= left[:, None]) & (columns < (left + wide)[:, None])
    box = (row[:, None, :, None] & column[:, None, None, :]) & (torch.rand(n, 1, 1, 1, device=device) < chance)
    fill = torch.rand(n, 3, 1, 1, device=device) + torch.randn_like(x) * 0.2 * (torch.rand(n, 1, 1, 1, device=device) < 0.5)
    return torch.where(box, fill, x), ~box


def mix(x, targets, alpha=0.8):
    """Mixup or CutMix (Zhang et al. 2018, Yun et al. 2019), one of them for the whole batch. `targets` are distributions."""
    order = torch.randperm(len(x), device=x.device)
    share = float(torch.distributions.Beta(alpha, alpha).sample())
    if torch.rand(()) < 0.5:
        return share * x + (1 - share) * x[order], share * targets + (1 - share) * targets[order]
    h, w = x.shape[2:]
    high, wide = int(h * math.sqrt(1 - share)), int(w * math.sqrt(1 - share))
    top, left = int(torch.randint(0, h - high + 1, ())), int(torch.randint(0, w - wide + 1, ()))
    x = x.clone()
    x[:, :, top : top + high, left : left + wide] = x[order][:, :, top : top + high, left : left + wide]
    share = 1 - high * wide / (h * w)
    return x, share * targets + (1 - share) * targets[order]
