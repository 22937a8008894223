namespace VoxMake.Tokenizers.Bpe;

/// <summary>Where a value stands in a JSON file. Written out only for a message: a vocabulary has hundreds of thousands of places.</summary>
internal sealed class JsonPath
{
    private readonly JsonPath? _parent;
    private readonly string _name;
    private readonly int _index;

    private JsonPath(JsonPath? parent, string name, int index) => (_parent, _name, _index) = (parent, name, index);

    /// <summary>The whole file.</summary>
    public static JsonPath Root(string file) => new(null, file, -1);

    public string File => _parent is null ? _name : _parent.File;

    public JsonPath Property(string name) => new(this, name, -1);

    public JsonPath Item(int index) => new(this, "", index);

    /// <summary>Such as <c>model.merges[3]</c>; <c>it</c> for the file itself.</summary>
    public override string ToString()
    {
        if (_parent is null) return "it";
        if (_index >= 0) return $"{_parent}[{_index}]";
        var name = TokenText.Quoted(_name, quotes: false);
        return _parent._parent is null ? name : $"{_parent}.{name}";
    }
}
