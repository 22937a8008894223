namespace VoxMake.Torch.Weights;

/// <summary>The opcodes of pickle that are read: those of PyTorch's weights_only reader (torch/_weights_only_unpickler.py). Numbers and names are Python's (pickletools).</summary>
internal enum PickleOpcode : byte
{
    MARK = (byte)'(', STOP = (byte)'.', NONE = (byte)'N', REDUCE = (byte)'R', BINPERSID = (byte)'Q', BUILD = (byte)'b', GLOBAL = (byte)'c', APPEND = (byte)'a', APPENDS = (byte)'e',
    SETITEM = (byte)'s', SETITEMS = (byte)'u', TUPLE = (byte)'t', EMPTY_TUPLE = (byte)')', EMPTY_LIST = (byte)']', EMPTY_DICT = (byte)'}', BINFLOAT = (byte)'G', BININT = (byte)'J',
    BININT1 = (byte)'K', BININT2 = (byte)'M', BINUNICODE = (byte)'X', SHORT_BINSTRING = (byte)'U', BINGET = (byte)'h', LONG_BINGET = (byte)'j', BINPUT = (byte)'q', LONG_BINPUT = (byte)'r',
    PROTO = 0x80, NEWOBJ = 0x81, TUPLE1 = 0x85, TUPLE2 = 0x86, TUPLE3 = 0x87, NEWTRUE = 0x88, NEWFALSE = 0x89, LONG1 = 0x8a, EMPTY_SET = 0x8f,
}

/// <summary>Names for the messages that refuse the other opcodes.</summary>
internal static class PickleOpcodes
{
    /// <summary>Python's name of an opcode, or its number.</summary>
    public static string Name(byte code) => Enum.IsDefined((PickleOpcode)code) ? ((PickleOpcode)code).ToString() : code switch
    {
        (byte)'0' => "POP", (byte)'1' => "POP_MARK", (byte)'2' => "DUP", (byte)'F' => "FLOAT", (byte)'I' => "INT", (byte)'L' => "LONG", (byte)'P' => "PERSID", (byte)'S' => "STRING",
        (byte)'T' => "BINSTRING", (byte)'V' => "UNICODE", (byte)'d' => "DICT", (byte)'g' => "GET", (byte)'i' => "INST", (byte)'l' => "LIST", (byte)'o' => "OBJ", (byte)'p' => "PUT",
        (byte)'B' => "BINBYTES", (byte)'C' => "SHORT_BINBYTES", 0x82 => "EXT1", 0x83 => "EXT2", 0x84 => "EXT4", 0x8b => "LONG4", 0x8c => "SHORT_BINUNICODE", 0x8d => "BINUNICODE8",
        0x8e => "BINBYTES8", 0x90 => "ADDITEMS", 0x91 => "FROZENSET", 0x92 => "NEWOBJ_EX", 0x93 => "STACK_GLOBAL", 0x94 => "MEMOIZE", 0x95 => "FRAME", 0x96 => "BYTEARRAY8",
        0x97 => "NEXT_BUFFER", 0x98 => "READONLY_BUFFER", _ => $"0x{code:x2}",
    };
}
