# Writes what torch.save writes, with Python's own pickle: see the container and the persistent ids of torch.serialization.
import argparse, collections, pathlib, pickle, struct, sys, types, zipfile, io

def module(name):
    m = types.ModuleType(name); sys.modules[name] = m; return m
torch = module('torch'); utils = module('torch._utils')
class FloatStorage: pass
class HalfStorage: pass
class BFloat16Storage: pass
class LongStorage: pass
for c in (FloatStorage, HalfStorage, BFloat16Storage, LongStorage):
    c.__module__ = 'torch'; c.__qualname__ = c.__name__; setattr(torch, c.__name__, c)
def _rebuild_tensor_v2(*a): raise NotImplementedError
def _rebuild_parameter(*a): raise NotImplementedError
for f in (_rebuild_tensor_v2, _rebuild_parameter):
    f.__module__ = 'torch._utils'; setattr(utils, f.__name__, f)

class Storage:
    def __init__(self, kind, key, n): self.kind, self.key, self.n = kind, key, n
class Tensor:
    def __init__(self, storage, offset, size, stride): self.a = (storage, offset, size, stride)
    def __reduce__(self): return (_rebuild_tensor_v2, self.a + (False, collections.OrderedDict()))
class Parameter:
    def __init__(self, t): self.t = t
    def __reduce__(self): return (_rebuild_parameter, (self.t, True, collections.OrderedDict()))

class P(pickle.Pickler):
    def persistent_id(self, o):
        if isinstance(o, Storage): return ('storage', o.kind, o.key, 'cpu', o.n)

def save(path, obj, storages):
    b = io.BytesIO(); P(b, protocol=2).dump(obj)
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_STORED) as z:
        def put(name, data): z.writestr(zipfile.ZipInfo('archive/' + name, (1980, 1, 1, 0, 0, 0)), data)
        put('data.pkl', b.getvalue()); put('byteorder', b'little')
        for k, v in storages.items(): put('data/' + k, v)
        put('version', b'3\n')

f = Storage(FloatStorage, '0', 6); h = Storage(HalfStorage, '1', 2); g = Storage(BFloat16Storage, '2', 2); l = Storage(LongStorage, '3', 1)
state = collections.OrderedDict([
    ('encoder.a.weight', Parameter(Tensor(f, 0, (2, 3), (3, 1)))),
    ('encoder.a.turned', Tensor(f, 0, (3, 2), (1, 3))),
    ('encoder.a.part', Tensor(f, 4, (2,), (1,))),
    ('half', Tensor(h, 0, (2,), (1,))),
    ('brain', Tensor(g, 0, (2,), (1,))),
    ('steps', Tensor(l, 0, (), ())),
])
state._metadata = collections.OrderedDict([('', {'version': 1})])
args = argparse.Namespace(lr=2.4e-3, out=pathlib.PurePosixPath('/x'), many=2**70, neg=-5, names=['a', 'b'], none=None, yes=True)
storages = {'0': struct.pack('<6f', 1, 2, 3, 4, 5, 6), '1': struct.pack('<2e', 1.5, -2), '2': bytes.fromhex('c03f00c0'), '3': struct.pack('<q', 7)}
save(sys.argv[1], {'model': state, 'optimizer': {'state': {0: {'step': 3}}, 'param_groups': [{'lr': 1.0, 'betas': (0.9, 0.95)}]}, 'epoch': 199, 'args': args}, storages)
