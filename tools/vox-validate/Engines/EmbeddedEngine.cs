using VoxMake.Models;
using VoxMake.Serving;
using VoxMake.Serving.Engine;
using VoxMake.Serving.Hosting;
using VoxMake.Tokenizers.Bpe;
using VoxMake.Torch;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.ValidateTool.Engines;

/// <summary>VoxMake's own server, in this process, on a free port that only this machine reaches.</summary>
/// <param name="maxLength">Tokens of prompt and text together; the network's context where that is shorter.</param>
/// <param name="type">Null: as the weights are.</param>
internal sealed class EmbeddedEngine(ModelFiles files, string name, int maxLength, ScalarType? type, Device device) : IEngine
{
    private readonly EngineLog _log = new();
    private ModelServer? _server;
    private ServedModel? _model;

    public string Description => "embedded";
    public string? Ended => null;
    public IReadOnlyList<string> Log => _log.Lines;

    public async Task<Uri> Start(CancellationToken cancel)
    {
        try
        {
            _model = ServedModel.Open(files, "model", name, maxLength, type, device);
            _server = await ModelServer.Start(_model, new ServerOptions(Port: 0), new EngineLimits(), _log.Add);
            return new Uri(_server.Address);
        }
        catch (Exception error) when (error is ModelException or TokenizerException or WeightsException or TorchException)
        {
            throw new EngineException(error.Message, "mend what it names, or export the voice again");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_server is not { IsStuck: true }) _model?.Network.Dispose(); // a thread that still works in it must not lose it
    }
}
