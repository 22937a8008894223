using System.Text.Json;

namespace VoxMake.Serving.Api;

/// <summary>What is wrong with the fields of a request, in the words and the order of pydantic 2, as vLLM prints them.</summary>
internal sealed class FieldFaults
{
    private const int MostShown = 50;

    private readonly List<(string Type, string Place, string Message, string Input)> _faults = [];

    /// <summary>All of them; only the first are kept, for a client may send a million.</summary>
    public int Count { get; private set; }

    public void Add(string type, string place, string message, JsonElement input) => Add(type, place, message, PythonText.Shown(input));

    public void Add(string type, string place, string message, string input)
    {
        Count++;
        if (_faults.Count < MostShown) _faults.Add((type, place, message, input));
    }

    /// <summary>Takes those of another try over.</summary>
    public void Add(FieldFaults others)
    {
        Count += others.Count;
        _faults.AddRange(others._faults.Take(MostShown - _faults.Count));
    }

    /// <exception cref="ApiException">There are any.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0) throw Exception();
    }

    /// <summary>What the client is told.</summary>
    public ApiException Exception()
    {
        var lines = _faults.Select(fault =>
            $"\n  {{'type': '{fault.Type}', 'loc': '{fault.Place}', 'msg': {PythonText.Quoted(fault.Message)}, 'input': {PythonText.Quoted(fault.Input)}}}");
        return Invalid($"{Count} validation error{(Count == 1 ? "" : "s")}:{string.Concat(lines)}{(Count > MostShown ? "\n  …" : "")}", _faults[0].Place);
    }

    /// <summary>A body that is not what it should be, whatever it asks for.</summary>
    public static ApiException Invalid(string message, string? param) => new(400, "Bad Request", message, param);
}
