"""What each merchant sells in the shop: an example's stock. An order may hold anything else as well."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Goods:
    """`names` by language, `price` in cents, `picture` a file of pages/goods."""

    names: dict[str, str]
    price: int
    picture: str


STOCK: dict[str, tuple[Goods, ...]] = {
    "market": (
        Goods({"en": "Longjing tea, 250 g", "zh": "龙井茶 250 克"}, 8800, "tea.svg"),
        Goods({"en": "Porcelain cup", "zh": "青瓷杯"}, 600, "cup.svg"),
        Goods({"en": "Mandarins, 2 kg", "zh": "蜜橘 2 公斤"}, 2590, "mandarin.svg"),
        Goods({"en": "Osmanthus cake", "zh": "桂花糕"}, 1850, "cake.svg"),
    ),
    "flowers": (
        Goods({"en": "A dozen roses", "zh": "玫瑰十二枝"}, 9900, "rose.svg"),
        Goods({"en": "Sunflowers", "zh": "向日葵花束"}, 5600, "sunflower.svg"),
        Goods({"en": "Potted succulent", "zh": "多肉盆栽"}, 2800, "succulent.svg"),
    ),
    "books": (
        Goods({"en": "Dream of the Red Chamber", "zh": "红楼梦"}, 5980, "book-red.svg"),
        Goods({"en": "Three Hundred Tang Poems", "zh": "唐诗三百首"}, 3200, "book-green.svg"),
        Goods({"en": "Notebook", "zh": "笔记本"}, 1500, "notebook.svg"),
    ),
}


def goods_of(merchant: str) -> list[dict[str, Any]]:
    return [asdict(goods) for goods in STOCK.get(merchant, ())]
